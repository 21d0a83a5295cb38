<?php
// Sends one message with PHPMailer as the settings on standard input say, and tells as JSON how that went.
// Settings: port, secure ('' or 'tls'), and for a login user, password, type (of AUTH; '' is PHPMailer's choice).
require '/usr/share/php/libphp-phpmailer/autoload.php';

$wish = json_decode(stream_get_contents(STDIN), true);
$mail = new PHPMailer\PHPMailer\PHPMailer(true);
$heard = '';
$mail->isSMTP();
$mail->Host = '127.0.0.1';
$mail->Port = $wish['port'];
$mail->Hostname = 'probe.example.net';
$mail->Timeout = 10;
$mail->SMTPDebug = 2;
$mail->Debugoutput = function ($line) use (&$heard) { $heard .= "$line\n"; };
$mail->SMTPAutoTLS = false;
$mail->SMTPSecure = $wish['secure'];
$mail->SMTPOptions = ['ssl' => ['verify_peer' => false, 'verify_peer_name' => false]];
$mail->SMTPAuth = true;
$mail->AuthType = $wish['type'];
$mail->Username = $wish['user'];
$mail->Password = $wish['password'];
$mail->setFrom('probe@example.net');
$mail->addAddress('alice@example.net');
$mail->Subject = 'pain';
$mail->Body = 'text';
try {
    $mail->send();
    echo json_encode(['sent' => true, 'heard' => $heard]);
} catch (PHPMailer\PHPMailer\Exception $error) {
    echo json_encode(['sent' => false, 'text' => $error->getMessage(), 'heard' => $heard]);
}

<?php
// Sends one message with PHPMailer and prints, as its own example does, "Message could not be sent. Mailer Error: ...", with the debug output
// before it where asked. Settings on standard input as JSON: host, port, tls, verify, login, timeout (s), name, debug.
require '/usr/share/php/libphp-phpmailer/autoload.php';

$wish = json_decode(stream_get_contents(STDIN), true);
$mail = new PHPMailer\PHPMailer\PHPMailer(true);
$mail->isSMTP();
$mail->Host = $wish['host'];
$mail->Port = $wish['port'];
$mail->Hostname = $wish['name'];
$mail->Timeout = $wish['timeout'];
$mail->getSMTPInstance()->Timelimit = $wish['timeout'];
ini_set('default_socket_timeout', $wish['timeout']);
$mail->SMTPDebug = $wish['debug'] ? 3 : 0;
$mail->Debugoutput = 'echo';
$mail->SMTPAutoTLS = false;
$mail->SMTPSecure = ['none' => '', 'starttls' => 'tls', 'implicit' => 'ssl'][$wish['tls']];
$trust = $wish['trust'] ?? null;
$mail->SMTPOptions = $trust ? ['ssl' => ['cafile' => $trust['root'], 'peer_name' => $trust['name']]] : ($wish['verify'] ? [] : ['ssl' => ['verify_peer' => false, 'verify_peer_name' => false]]);
$mail->SMTPAuth = $wish['login'];
$mail->Username = 'ada';
$mail->Password = 'wrong';
$mail->setFrom('probe@example.net');
$mail->addAddress('alice@example.net');
$mail->Subject = 'interop';
$mail->Body = 'text';
try {
    $mail->send();
} catch (Exception $e) {
    echo "Message could not be sent. Mailer Error: {$mail->ErrorInfo}\n{$e->getMessage()}\n";
}

import java.util.Properties;
import javax.mail.Message;
import javax.mail.Session;
import javax.mail.Transport;
import javax.mail.internet.InternetAddress;
import javax.mail.internet.MimeMessage;

/** Sends one message with JavaMail; what goes wrong is a stack trace. Arguments: host, port, tls, verify, login, timeout (s), name. */
public class Send {
    public static void main(String[] args) throws Exception {
        Properties settings = new Properties();
        settings.put("mail.smtp.host", args[0]);
        settings.put("mail.smtp.port", args[1]);
        settings.put("mail.smtp.localhost", args[6]);
        settings.put("mail.smtp.ssl.enable", String.valueOf(args[2].equals("implicit")));
        settings.put("mail.smtp.starttls.enable", String.valueOf(args[2].equals("starttls")));
        settings.put("mail.smtp.starttls.required", String.valueOf(args[2].equals("starttls")));
        if (args[3].equals("false")) settings.put("mail.smtp.ssl.trust", "*");
        settings.put("mail.smtp.ssl.checkserveridentity", args[3]);
        settings.put("mail.smtp.auth", args[4]);
        String timeout = args[5] + "000";
        settings.put("mail.smtp.connectiontimeout", timeout);
        settings.put("mail.smtp.timeout", timeout);
        Session session = Session.getInstance(settings);
        MimeMessage message = new MimeMessage(session);
        message.setFrom(new InternetAddress("probe@example.net"));
        message.setRecipient(Message.RecipientType.TO, new InternetAddress("alice@example.net"));
        message.setSubject("interop");
        message.setText("text");
        if (args[4].equals("true")) Transport.send(message, "ada", "wrong");
        else Transport.send(message);
    }
}

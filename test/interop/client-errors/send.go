// Sends one message with net/smtp, the way the package's own documentation does it step by step, and prints what goes wrong.
// Arguments: host, port, tls (none, starttls, implicit), verify, login, timeout (s), name, file of the authority (may be empty), name expected.
package main

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net"
	"net/smtp"
	"os"
	"strconv"
	"time"
)

func main() {
	if err := send(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func send(args []string) error {
	host, port, mode, verify, login, name := args[0], args[1], args[2], args[3] == "true", args[4] == "true", args[6]
	root, expected := args[7], args[8]
	seconds, _ := strconv.Atoi(args[5])
	timeout := time.Duration(seconds) * time.Second
	connection, err := net.DialTimeout("tcp", net.JoinHostPort(host, port), timeout)
	if err != nil {
		return err
	}
	_ = connection.SetDeadline(time.Now().Add(timeout))
	config := &tls.Config{ServerName: expected, InsecureSkipVerify: !verify}
	if pem, err := os.ReadFile(root); err == nil {
		config.RootCAs = x509.NewCertPool()
		config.RootCAs.AppendCertsFromPEM(pem)
	}
	if mode == "implicit" {
		connection = tls.Client(connection, config)
	}
	client, err := smtp.NewClient(connection, host)
	if err != nil {
		return err
	}
	if err := client.Hello(name); err != nil {
		return err
	}
	if mode == "starttls" {
		if err := client.StartTLS(config); err != nil {
			return err
		}
	}
	if login {
		// As smtp.SendMail checks it.
		if ok, _ := client.Extension("AUTH"); !ok {
			return fmt.Errorf("smtp: server doesn't support AUTH")
		}
		if err := client.Auth(smtp.PlainAuth("", "ada", "wrong", host)); err != nil {
			return err
		}
	}
	if err := client.Mail("probe@example.net"); err != nil {
		return err
	}
	if err := client.Rcpt("alice@example.net"); err != nil {
		return err
	}
	writer, err := client.Data()
	if err != nil {
		return err
	}
	if _, err := writer.Write([]byte("Subject: interop\r\n\r\ntext\r\n")); err != nil {
		return err
	}
	if err := writer.Close(); err != nil {
		return err
	}
	return client.Quit()
}

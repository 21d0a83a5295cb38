import type { Format } from './finding.ts';
import { clientError } from './formats/client-error.ts';
import { curl } from './formats/curl.ts';
import { deliveryStatus } from './formats/delivery-status.ts';
import { exchangeProtocol } from './formats/exchange-protocol.ts';
import { exchangeReport } from './formats/exchange-report.ts';
import { exim } from './formats/exim.ts';
import { eximBounce } from './formats/exim-bounce.ts';
import { mention } from './formats/mention.ts';
import { nodemailerError } from './formats/nodemailer-error.ts';
import { nodemailerLog } from './formats/nodemailer-log.ts';
import { printedDialogue } from './formats/notation.ts';
import { ownRecords } from './formats/own-records.ts';
import { postfix } from './formats/postfix.ts';
import { qmail } from './formats/qmail.ts';
import { sendmail } from './formats/sendmail.ts';
import { sendmailVerbose } from './formats/sendmail-verbose.ts';
import { smtplibDebug } from './formats/smtplib.ts';
import { smtplibError } from './formats/smtplib-error.ts';
import { swaks } from './formats/swaks.ts';
import { telnet } from './formats/telnet.ts';

/** All formats that are read line by line, in the order in which they are asked: those that say who wrote them first. */
export const formats: readonly Format[] = [
  postfix,
  sendmail,
  exim,
  exchangeProtocol,
  qmail,
  ownRecords,
  nodemailerLog,
  smtplibDebug,
  swaks,
  curl,
  sendmailVerbose,
  printedDialogue,
  deliveryStatus,
  eximBounce,
  nodemailerError,
  smtplibError,
  exchangeReport,
  telnet,
  mention,
  clientError,
];

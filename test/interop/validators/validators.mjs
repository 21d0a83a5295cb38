// Email validators from npm as their own pages show their use. Each gives its own answer; the exam's mappings say what it means.
import { verifyEmail } from '@devmehq/email-validator-js';
import { validate } from 'deep-email-validator';
import EmailValidator from 'email-deep-validator';
import { verify } from 'email-verify';

export const deepEmailValidator = (email) => validate(email);

export const emailDeepValidator = (email) => new EmailValidator().verify(email);

export const emailVerify = (email) =>
  new Promise((resolve, reject) => verify(email, (error, info) => (error ? reject(error) : resolve(info))));

export const devmehq = (emailAddress) => verifyEmail({ emailAddress, verifyMx: true, verifySmtp: true });

import type { TlsSeen } from '../../engine/define.ts';

/** Bytes of one message of the TLS handshake. Source: learn.microsoft.com, "TLS registry settings" (MessageLimitClient). */
export const LARGEST_MESSAGE = 32_768;

/** Whether the certificates that were sent make a message that Windows does not take; each has its length before it. */
export const isOversized = ({ certificates }: TlsSeen): boolean =>
  certificates.reduce((sum, { length }) => sum + 3 + length, 3) > LARGEST_MESSAGE;

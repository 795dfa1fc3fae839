/** The namespaces and actions of WS-Management shells. Source: [MS-WSMV]. */
export const NS = {
  s: 'http://www.w3.org/2003/05/soap-envelope',
  a: 'http://schemas.xmlsoap.org/ws/2004/08/addressing',
  w: 'http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd',
  p: 'http://schemas.microsoft.com/wbem/wsman/1/wsman.xsd',
  rsp: 'http://schemas.microsoft.com/wbem/wsman/1/windows/shell',
} as const;

/** Where Windows itself puts the code and the text of a fault. */
export const FAULT_DETAIL = 'http://schemas.microsoft.com/wbem/wsman/1/wsmanfault';

const TRANSFER = 'http://schemas.xmlsoap.org/ws/2004/09/transfer';
export const ACTIONS = {
  create: `${TRANSFER}/Create`,
  delete: `${TRANSFER}/Delete`,
  command: `${NS.rsp}/Command`,
  receive: `${NS.rsp}/Receive`,
  signal: `${NS.rsp}/Signal`,
} as const;

/** The shell whose commands run in cmd.exe. */
export const CMD_SHELL = `${NS.rsp}/cmd`;
export const DONE = `${NS.rsp}/CommandState/Done`;
export const CTRL_C = `${NS.rsp}/signal/ctrl_c`;

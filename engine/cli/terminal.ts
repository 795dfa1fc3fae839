/** Whether standard output takes colours. https://no-color.org, and FORCE_COLOR for pipes. */
export const hasColour = (): boolean => {
  if (process.env['NO_COLOR']) return false;
  return process.env['FORCE_COLOR'] ? process.env['FORCE_COLOR'] !== '0' : process.stdout.isTTY === true;
};

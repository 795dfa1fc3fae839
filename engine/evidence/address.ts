/** What the address of recorded evidence begins with. */
export const RECORDED = 'evidence:';

/** The address of a folder, which may be written as one already. */
export const recordedAt = (folder: string): string => (folder.startsWith(RECORDED) ? folder : `${RECORDED}${folder}`);

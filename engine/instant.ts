const INSTANT = /^(\d{4}-\d\d-\d\d)(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d))?$/;

/**
 * The instant that a text names: a day (its beginning, UTC), or a day and a time with its offset. Undefined for another shape,
 * and for what no calendar or clock has, such as the 31st of February, which `Date` takes for a day in March.
 */
export const instantIn = (text: string): Date | undefined => {
  const [, day = ''] = INSTANT.exec(text) ?? [];
  const [instant, midnight] = [new Date(text), new Date(day)];
  if (Number.isNaN(instant.getTime()) || Number.isNaN(midnight.getTime())) return undefined;
  return midnight.toISOString().startsWith(day) ? instant : undefined;
};

/** What the operator got wrong: printed as one line each, then the hint; exit code 2. */
export class Mistake extends Error {
  readonly hint: string;
  /** `message` may hold several lines, one per mistake. */
  constructor(message: string, hint: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'Mistake';
    this.hint = hint;
  }
}

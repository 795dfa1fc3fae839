import { jsonPieces } from '../json.ts';
import type { DiffReporter } from '../reporter.ts';

/** The comparison itself: the canonical form, described by `../diff.schema.json`. */
export const diffJson: DiffReporter = (comparison) => jsonPieces(comparison);

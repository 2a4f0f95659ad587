// `manifest.json` of an export package: who got what, by whose leave, and what is not in it. docs/design/export.md.
import type { MissingFootage } from '../evidence/missing.ts';

/** One film of a package. Times are UTC epoch milliseconds. */
export interface ManifestFilm {
  readonly name: string;
  readonly camera: string;
  readonly fromMs: number;
  readonly toMs: number;
  readonly bytes: number;
  /** Lower-case hex. */
  readonly sha256: string;
  readonly codecs: string;
  /** `hidden`: before every keyframe; `visible`: in the picture as well, which was encoded anew; `none`: its camera signed it, and a mark would break the signature. */
  readonly marks: 'hidden' | 'visible' | 'none';
}

/** The manifest. */
export interface Manifest {
  readonly format: 'wanglou.export/1';
  readonly export: string;
  readonly campus: { readonly zh: string; readonly en: string };
  readonly cameras: readonly { readonly id: string; readonly zh: string; readonly en: string }[];
  readonly fromMs: number;
  readonly toMs: number;
  readonly operator: string;
  readonly destination: string;
  readonly caseNumber?: string;
  readonly madeMs: number;
  /** The call of the copy: register and audit log know it by this id. */
  readonly call: string;
  /** Rules that permitted it, their articles, and who approved. */
  readonly permission: { readonly rules: readonly string[]; readonly articles: readonly string[]; readonly pack: string; readonly grant?: string; readonly approvals: readonly string[] };
  readonly films: readonly ManifestFilm[];
  /** Original files, bit for bit; their proofs are in `evidence.json`. */
  readonly originals: readonly { readonly name: string; readonly sha256: string }[];
  readonly missing: readonly MissingFootage[];
}

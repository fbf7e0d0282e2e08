import type * as pulumi from "@pulumi/pulumi";
import { integer, kindOf, listOf, literalOf, number, recordOf } from "../providers/rules";

/** One of a list. */
export interface ChoiceDistribution {
  readonly type: "choice";
  /** At least one: texts, numbers and flags, which are written into the command as they are. */
  readonly values: pulumi.Input<
    readonly (pulumi.Input<string> | pulumi.Input<number> | pulumi.Input<boolean>)[]
  >;
}

/** A whole number from 0 on, each as likely. */
export interface RandintDistribution {
  readonly type: "randint";
  /** All are below it; from 1 on. */
  readonly upper: pulumi.Input<number>;
}

/** Any number between two bounds, each as likely; with `loguniform` its logarithm is. */
export interface UniformDistribution {
  /** `uniform`, or `loguniform`: e to the power of a uniform number, as for learning rates. */
  readonly type: "uniform" | "loguniform";
  /** The least; with `loguniform` its natural logarithm. */
  readonly minValue: pulumi.Input<number>;
  /** The largest, above `minValue`; with `loguniform` its natural logarithm. */
  readonly maxValue: pulumi.Input<number>;
}

/** As `uniform` and `loguniform`, rounded to a multiple of `q`. */
export interface QuantizedUniformDistribution {
  /** `quniform`, or `qloguniform`: e to the power of a uniform number. */
  readonly type: "quniform" | "qloguniform";
  /** The least before it is rounded; with `qloguniform` its natural logarithm. */
  readonly minValue: pulumi.Input<number>;
  /** The largest before it is rounded, above `minValue`; with `qloguniform` its natural logarithm. */
  readonly maxValue: pulumi.Input<number>;
  /** Values are multiples of it: a whole number from 1 on. */
  readonly q: pulumi.Input<number>;
}

/** A number of the normal distribution; with `lognormal` its logarithm is. */
export interface NormalDistribution {
  /** `normal`, or `lognormal`: e to the power of a normal number. */
  readonly type: "normal" | "lognormal";
  /** The mean; with `lognormal` of the natural logarithm. */
  readonly mu: pulumi.Input<number>;
  /** The standard deviation, above 0; with `lognormal` of the natural logarithm. */
  readonly sigma: pulumi.Input<number>;
}

/** As `normal` and `lognormal`, rounded to a multiple of `q`. */
export interface QuantizedNormalDistribution {
  /** `qnormal`, or `qlognormal`: e to the power of a normal number. */
  readonly type: "qnormal" | "qlognormal";
  /** The mean before it is rounded; with `qlognormal` of the natural logarithm. */
  readonly mu: pulumi.Input<number>;
  /** The standard deviation before it is rounded, above 0; with `qlognormal` of the natural logarithm. */
  readonly sigma: pulumi.Input<number>;
  /** Values are multiples of it: a whole number from 1 on. */
  readonly q: pulumi.Input<number>;
}

/** What a trial's value of one name is drawn from. */
export type SweepDistribution =
  | ChoiceDistribution
  | RandintDistribution
  | UniformDistribution
  | QuantizedUniformDistribution
  | NormalDistribution
  | QuantizedNormalDistribution;

const EXPRESSIONS = "docs:reference-yaml-job-sweep, parameter expressions";
const MOST = 2_147_483_647;

const any = number();
const sigma = number({ above: 0, source: `${EXPRESSIONS}: sigma is a standard deviation` });
const q = integer(1, MOST, `${EXPRESSIONS}: q is an integer`);
const between = { minValue: any, maxValue: any };
const around = { mu: any, sigma };

export const searchSpaceRule = recordOf(
  kindOf("type", {
    choice: { values: listOf(literalOf(), { least: 1, source: `${EXPRESSIONS}: values to choose from` }) },
    randint: { upper: integer(1, MOST, `${EXPRESSIONS}: upper is exclusive`) },
    uniform: between,
    loguniform: between,
    quniform: { ...between, q },
    qloguniform: { ...between, q },
    normal: around,
    lognormal: around,
    qnormal: { ...around, q },
    qlognormal: { ...around, q },
  }),
);

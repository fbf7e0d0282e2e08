import type * as pulumi from "@pulumi/pulumi";
import {
  armId,
  flag,
  integer,
  kindOf,
  listOf,
  objectOf,
  oneOf,
  optional,
  recordOf,
  rule,
  text,
  type Rule,
} from "../providers/rules";
import { monitoredData, type MonitoredData } from "./model-monitor-data";

/** What a monitor looks at, told apart by `type`. */
export type MonitorSignal = DataDriftSignal | DataQualitySignal | PredictionDriftSignal | CustomSignal;

/** A signal of a table's columns. */
export interface ColumnsSignal {
  /** What production has written. */
  readonly production: MonitoredData;
  /** What it is compared with. */
  readonly reference: MonitoredData;
  /** What columns are, by name: `Numerical` or `Categorical`. Azure tells by the data by default. */
  readonly featureTypes?: Readonly<Record<string, pulumi.Input<string>>>;
  /** Whether `emails` are told when a threshold is crossed. True by default. */
  readonly alert?: pulumi.Input<boolean>;
}

/** One that may look at some of the columns. */
export interface FeaturesSignal extends ColumnsSignal {
  /** Names of the columns. All by default, or those of `topFeatures`. */
  readonly features?: pulumi.Input<pulumi.Input<string>[]>;
  /** How many columns, those that matter most to the prediction; with `targetColumn`. */
  readonly topFeatures?: pulumi.Input<number>;
  /** The column that the model predicts, by which Azure tells what matters most. */
  readonly targetColumn?: pulumi.Input<string>;
}

/** How far the inputs of production are from the reference. */
export interface DataDriftSignal extends FeaturesSignal {
  readonly type: "DataDrift";
  /** When it is told, by metric. */
  readonly thresholds: DriftThresholds;
}

/** How many values are missing, of another type, or out of the reference's range. */
export interface DataQualitySignal extends FeaturesSignal {
  readonly type: "DataQuality";
  /** When it is told, by metric. */
  readonly thresholds: QualityThresholds;
}

/** How far the predictions of production are from the reference. */
export interface PredictionDriftSignal extends ColumnsSignal {
  readonly type: "PredictionDrift";
  /** When it is told, by metric. */
  readonly thresholds: DriftThresholds;
}

/** Metrics that a component of your own computes. */
export interface CustomSignal {
  readonly type: "Custom";
  /** ARM id of the component's version. */
  readonly componentId: pulumi.Input<string>;
  /** The component's literal inputs, by name. None by default. */
  readonly inputs?: Readonly<Record<string, pulumi.Input<string>>>;
  /** The component's data, by its inputs' names. None by default. */
  readonly data?: Readonly<Record<string, MonitoredData>>;
  /** When it is told, by the component's names of its metrics: any number. */
  readonly metrics: Readonly<Record<string, pulumi.Input<number>>>;
  /** Whether `emails` are told when a threshold is crossed. True by default. */
  readonly alert?: pulumi.Input<boolean>;
}

/** At least one metric of drift. */
export interface DriftThresholds {
  /** For columns of numbers. */
  readonly numerical?: NumericalDrift;
  /** For columns of categories. */
  readonly categorical?: CategoricalDrift;
}

/** Metrics between distributions of numbers. */
export interface NumericalDrift {
  /** 0 (the same) to 1. */
  readonly JensenShannonDistance?: pulumi.Input<number>;
  /** From 0 (the same) on, in standard deviations. */
  readonly NormalizedWassersteinDistance?: pulumi.Input<number>;
  /** From 0 (the same) on. */
  readonly PopulationStabilityIndex?: pulumi.Input<number>;
  /** The test's p-value, 0 to 1. */
  readonly TwoSampleKolmogorovSmirnovTest?: pulumi.Input<number>;
}

/** Metrics between distributions of categories. */
export interface CategoricalDrift {
  /** 0 (the same) to 1. */
  readonly JensenShannonDistance?: pulumi.Input<number>;
  /** From 0 (the same) on. */
  readonly PopulationStabilityIndex?: pulumi.Input<number>;
  /** The test's p-value, 0 to 1. */
  readonly PearsonsChiSquaredTest?: pulumi.Input<number>;
}

/** At least one metric of quality. */
export interface QualityThresholds {
  /** For columns of numbers. */
  readonly numerical?: QualityRates;
  /** For columns of categories. */
  readonly categorical?: QualityRates;
}

/** Parts of the rows. */
export interface QualityRates {
  /** Without a value: 0 to 1. */
  readonly NullValueRate?: pulumi.Input<number>;
  /** With a value of another type than the reference's: 0 to 1. */
  readonly DataTypeErrorRate?: pulumi.Input<number>;
  /** With a value that the reference's range or categories don't have: 0 to 1. */
  readonly OutOfBoundsRate?: pulumi.Input<number>;
}

const METRICS = "docs:concept-model-monitoring: monitoring signals and metrics";

const upToOne = optional(
  rule(
    (value) => typeof value === "number" && value >= 0 && value <= 1,
    "a number from 0 to 1",
    `${METRICS}: distances, p-values and rates`,
  ),
);
const fromZero = optional(
  rule(
    (value) => typeof value === "number" && value >= 0 && Number.isFinite(value),
    "a number from 0 on",
    `${METRICS}: distances`,
  ),
);
const rates = objectOf<QualityRates>({
  NullValueRate: upToOne,
  DataTypeErrorRate: upToOne,
  OutOfBoundsRate: upToOne,
});
const driftThresholds = objectOf<DriftThresholds>({
  numerical: optional(
    objectOf<NumericalDrift>({
      JensenShannonDistance: upToOne,
      NormalizedWassersteinDistance: fromZero,
      PopulationStabilityIndex: fromZero,
      TwoSampleKolmogorovSmirnovTest: upToOne,
    }),
  ),
  categorical: optional(
    objectOf<CategoricalDrift>({
      JensenShannonDistance: upToOne,
      PopulationStabilityIndex: fromZero,
      PearsonsChiSquaredTest: upToOne,
    }),
  ),
});

const common = {
  production: monitoredData,
  reference: monitoredData,
  featureTypes: optional(recordOf(oneOf("Numerical", "Categorical"))),
  alert: optional(flag()),
};
const featured = {
  ...common,
  features: optional(
    listOf(text("the name of a column"), {
      least: 1,
      source: "models 2025-12-01, FeatureSubset: the list of features to include",
    }),
  ),
  topFeatures: optional(
    integer(1, 2_147_483_647, "models 2025-12-01, TopNFeaturesByAttribution: the number of top features"),
  ),
  targetColumn: optional(text("the name of a column")),
};

export const monitorSignal: Rule = kindOf("type", {
  DataDrift: { ...featured, thresholds: driftThresholds },
  DataQuality: {
    ...featured,
    thresholds: objectOf<QualityThresholds>({ numerical: optional(rates), categorical: optional(rates) }),
  },
  PredictionDrift: { ...common, thresholds: driftThresholds },
  Custom: {
    componentId: armId("Microsoft.MachineLearningServices/workspaces/components/versions"),
    inputs: optional(recordOf(text("text", /^/))),
    data: optional(recordOf(monitoredData)),
    metrics: recordOf(rule(Number.isFinite, "a number")),
    alert: optional(flag()),
  },
});

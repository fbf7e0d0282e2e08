/** Cores by size and family, of sizes for managed online endpoints (docs:reference-managed-online-endpoints-vm-sku-list). */
const CORES: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  standardDSv2Family: { DS1_v2: 1, DS2_v2: 2, DS3_v2: 4, DS4_v2: 8, DS5_v2: 16 },
  standardDASv4Family: { D2as_v4: 2, D4as_v4: 4, D8as_v4: 8, D16as_v4: 16, D32as_v4: 32, D64as_v4: 64 },
  standardESv3Family: { E2s_v3: 2, E4s_v3: 4, E8s_v3: 8, E16s_v3: 16, E32s_v3: 32, E64s_v3: 64 },
  standardFSv2Family: { F2s_v2: 2, F4s_v2: 4, F8s_v2: 8, F16s_v2: 16, F32s_v2: 32, F72s_v2: 72 },
  "standard NCASv3_T4 Family": { NC4as_T4_v3: 4, NC8as_T4_v3: 8, NC16as_T4_v3: 16, NC64as_T4_v3: 64 },
  standardNCADSA100v4Family: { NC24ads_A100_v4: 24, NC48ads_A100_v4: 48, NC96ads_A100_v4: 96 },
};
/** Azure upgrades these without spare machines. */
export const WITHOUT_RESERVE = ["standardNCADSA100v4Family"];

export interface VmSize {
  readonly name: string;
  readonly family: string;
  readonly cores: number;
}

export const vmFamilies: readonly string[] = Object.keys(CORES);

export const vmSizes: readonly VmSize[] = Object.entries(CORES).flatMap(([family, sizes]) =>
  Object.entries(sizes).map(([size, cores]) => ({ name: `Standard_${size}`, family, cores })),
);

/** What a cluster's node is called, as Azure Batch calls its machines. */
export const nodeName = (number: number): string => `tvmps_${String(number).padStart(8, "0")}_d`;

/** How many fields of one entity a dynamic data mapping may show. */
export interface DynamicDataLimits {
  textFields: number
  /** Of any other type. */
  otherFields: number
}

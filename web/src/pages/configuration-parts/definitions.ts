import type { DefinitionOf } from '../../api/configuration-parts.ts'

export type Memorialization = DefinitionOf<'memorialization'>
export type DynamicData = DefinitionOf<'dynamic_data'>
export type Create = DefinitionOf<'create'>
export type Update = DefinitionOf<'update'>
export type Search = DefinitionOf<'search'>
export type CallerSearch = Extract<Search, { by: 'caller' }>
export type CustomSearch = Extract<Search, { by: 'custom' }>

/** A column that mappings fill, and from what. */
export interface MappedColumn {
  name: string
  type: 'String' | 'Memo' | 'Integer'
  /** The contact centre's name of it, or a script variable's in lower case. */
  from: string
  script?: true
  /** In UTF-16 units; some are too short for what is told, so that texts are cut. */
  length?: number
  /** Typed by the agent: left out where the contact ended first, unless the mapping keeps it. */
  typed?: true
  /** Voice alone tells it. */
  voiceOnly?: true
}

/** Of the activity. The first tells whose it is. */
export const activityColumns: readonly MappedColumn[] = [
  { name: 'cr_interaction', type: 'String', from: 'interactionId', length: 100 },
  { name: 'cr_contact', type: 'String', from: 'contactId', length: 100 },
  { name: 'cr_disposition', type: 'String', from: 'dispositionName', length: 100, typed: true },
  { name: 'cr_notes', type: 'String', from: 'dispositionNotes', length: 48, typed: true },
  { name: 'cr_tags', type: 'String', from: 'tags', length: 300, typed: true },
  { name: 'cr_status', type: 'String', from: 'status', length: 50, typed: true },
  { name: 'cr_skill', type: 'String', from: 'skillName', length: 100 },
  { name: 'cr_recording', type: 'String', from: 'recordingUrl', length: 200 },
  { name: 'cr_seconds', type: 'Integer', from: 'callDurationInSeconds' },
  { name: 'cr_transcript', type: 'Memo', from: 'transcript', length: 160 },
  { name: 'cr_finalstate', type: 'String', from: 'finalState', length: 50, voiceOnly: true },
  { name: 'cr_intent', type: 'String', from: 'callerintent', length: 100, script: true },
]

/** Of the record that is linked: the contact centre's id of each interaction passes through it once. */
export const lastColumn: MappedColumn = { name: 'cr_last', type: 'String', from: 'contactId', length: 100 }

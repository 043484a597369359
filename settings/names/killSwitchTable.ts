/** The table and the row that hold the agents' kill switch, in the database of the shared project. */
export const killSwitchTable = { table: 'agent_runtime_config', row: 'global' } as const;

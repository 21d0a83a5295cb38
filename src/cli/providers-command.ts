export async function providers(..._args: unknown[]): Promise<void> {}

// Asks the server for the things that match what was typed; a newer question cancels the one before.

export function lookup(url) {
  let running = null;
  return async (parameters) => {
    running?.abort();
    running = new AbortController();
    const address = new URL(url, location);
    for (const [name, value] of Object.entries(parameters)) {
      if (value !== "") address.searchParams.set(name, value);
    }
    const response = await fetch(address, { signal: running.signal, headers: { Accept: "application/json" } });
    if (!response.ok) throw new Error(`lookup answered ${response.status}`);
    return response.json();
  };
}

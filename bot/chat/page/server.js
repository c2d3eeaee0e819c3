// Talking to the server: what the owner does goes out as small POSTs.

export async function post(path, body) {
  const answer = await fetch(path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  const result = await answer.json();
  if (!answer.ok) throw new Error(result.error ?? String(answer.status));
  return result;
}

export async function get(path, signal) {
  const answer = await fetch(path, { signal });
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.json();
}

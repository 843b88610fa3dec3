// While a request is read once more before it is sent, finds the number that makes the hash of its challenge begin with
// so many zero bits. Sent without it, by whatever has no script, the request waits for an agent's look.
const field = document.querySelector('input[name="work"]');
const { form } = field;
const bytes = new TextEncoder();

async function work() {
  const challenge = form.elements.challenge.value;
  for (let number = 0; ; number++) {
    const hash = await crypto.subtle.digest("SHA-256", bytes.encode(`${challenge}.${number}`));
    if (Math.clz32(new DataView(hash).getUint32(0)) >= field.dataset.bits) return number;
  }
}

// A page that came over plain HTTP has no cryptography.
if (globalThis.crypto?.subtle) {
  const done = work().then((number) => (field.value = number));
  form.addEventListener("submit", (event) => {
    if (field.value) return;
    event.preventDefault();
    done.then(() => form.requestSubmit(event.submitter));
  });
}

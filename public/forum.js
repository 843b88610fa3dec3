// What the community's forum has on a search, once its page is there. While the reader types on, nothing is asked.
(() => {
  const place = document.querySelector("[data-forum]");
  const asked = async () => {
    const answer = await fetch(place.dataset.forum);
    if (answer.status === 200) place.innerHTML = await answer.text();
  };
  // The link that stands there leads to the forum all the same.
  asked().catch(console.warn);
  document.getElementById("q")?.addEventListener("input", () => (place.hidden = true));
})();

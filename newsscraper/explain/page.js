"use strict";
// Without this script the page still shows everything: reasons on hover and focus, filters, fields.
(() => {
  const byId = (id) => document.getElementById(id);
  const blocks = [...document.querySelectorAll(".block")];
  const places = new Map(blocks.map((block, place) => [block, place]));
  const find = byId("find"), found = byId("found"), told = byId("told"), bar = byId("bar");
  let chosen = -1, hits = [], hit = -1, folded = null, sought = "", walked = "";

  // Letters and digits only: however a line was copied, typed or broken, it is found. Arabic yeh and kaf are typed
  // for the Persian ones and the other way round.
  const fold = (text) => {
    const plain = text.normalize("NFKD").toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "");
    return plain.replace(/[\u064a\u0649]/g, "\u06cc").replace(/\u0643/g, "\u06a9");
  };

  const make = (tag, className, text) => {
    const node = document.createElement(tag);
    node.className = className;
    node.textContent = text;
    return node;
  };
  const part = (block, name) => block.querySelector(`:scope > .why > .${name}`).textContent;
  const heldBy = (block) => [...block.querySelectorAll(":scope > .why > .held")].map((node) => node.textContent);
  const kindOf = (block) => part(block, "kind");
  const fateOf = (block) => (block.classList.contains("kept") ? "kept" : "dropped");

  const tell = (block) => {
    const kind = kindOf(block), held = heldBy(block), data = block.dataset;
    const fate = held.includes("title") ? "set apart: title" : `${fateOf(block)}: ${kind}`;
    const verdict = make("span", `verdict kind-${kind}`, fate);
    const first = document.createElement("p");
    first.append(verdict, ` score ${part(block, "score")}`, held.length ? ` · prints the ${held.join(", ")}` : "");
    const reasons = document.createElement("ul");
    reasons.className = "told-reasons";
    reasons.append(...part(block, "reason").split("; ").map((reason) => make("li", "", reason)));
    const facts = [`block ${places.get(block) + 1} of ${blocks.length}`, `${data.letters} letters`];
    if (data.links !== "0") facts.push(`${data.links} % in links`);
    const steps = data.path.split(" > ");
    if (data.path) facts.push((steps.length > 3 ? ["…", ...steps.slice(-3)] : steps).join(" > "));
    const details = make("details", "details", "");
    details.open = told.querySelector("details")?.open ?? false;
    details.append(make("summary", "", facts.join(" · ")), make("p", "", data.path || "no markup around it"));
    told.replaceChildren(first, reasons, details);
    const room = `${bar.offsetHeight + 8}px`;
    const style = document.documentElement.style;
    if (style.scrollPaddingBottom !== room) style.scrollPaddingBottom = room;
  };

  const choose = (place, focus) => {
    if (place < 0 || place >= blocks.length) return;
    if (chosen >= 0) {
      blocks[chosen].classList.remove("chosen");
      blocks[chosen].tabIndex = -1;
    }
    chosen = place;
    const block = blocks[place];
    reveal(block);
    block.classList.add("chosen");
    block.tabIndex = 0;
    if (focus) block.focus({ preventScroll: true });
    tell(block);
    block.scrollIntoView({ block: focus === "walk" ? "nearest" : "center" });
  };

  const switches = (block) => [byId(`show-${fateOf(block)}`), byId(`show-${kindOf(block)}`)];
  const isShown = (block) => switches(block).every((one) => !one || one.checked);
  const reveal = (block) => {
    if (isShown(block)) return;
    for (const one of switches(block)) if (one) one.checked = true;
    filter();
  };
  const filter = () => {
    for (const run of document.querySelectorAll(".run")) {
      run.hidden = ![...run.querySelectorAll(".block")].some(isShown);
    }
  };
  document.querySelector(".filters").addEventListener("change", filter);

  const step = (by) => {
    let place = chosen < 0 ? firstInView() - by : chosen;
    do place += by; while (place >= 0 && place < blocks.length && !isShown(blocks[place]));
    choose(place, "walk");
  };
  const firstInView = () => {
    const top = find.getBoundingClientRect().bottom + 8;
    return Math.max(0, blocks.findIndex((block) => block.getBoundingClientRect().bottom > top));
  };
  const toStory = () => {
    const place = blocks.findIndex((block) => block.classList.contains("holds-title"));
    choose(Math.max(0, place >= 0 ? place : blocks.findIndex((block) => block.classList.contains("kept"))), true);
  };

  const search = () => {
    folded ??= blocks.map((block) => fold(block.querySelector(".x").textContent));
    const wanted = fold(find.value);
    hits = wanted ? matches((text) => text.includes(wanted)) : [];
    // A selection over several blocks holds whole ones.
    if (wanted.length > 30 && !hits.length) hits = matches((text) => text.length > 12 && wanted.includes(text));
    if (wanted.length > 30 && !hits.length) hits = matches((text) => text.includes(wanted.slice(0, 24)));
    walked = "";
    sought = find.value;
    const exact = hits.findIndex((place) => folded[place] === wanted);
    show(hits.length ? Math.max(0, exact) : -1, false);
    if (wanted && !hits.length) {
      found.textContent = "No block holds this: the page hides it, a script would fill it in, or it stands in a picture.";
      found.classList.add("none");
    }
  };
  const matches = (test) => folded.flatMap((text, place) => (test(text) ? [place] : []));
  const show = (next, focus) => {
    hit = next;
    found.classList.remove("none");
    found.textContent = hit < 0 ? "" : `${hit + 1} of ${hits.length}`;
    for (const id of ["previous-hit", "next-hit"]) byId(id).disabled = hits.length < 2;
    if (hit >= 0) choose(hits[hit], focus);
  };
  const turn = (by, focus) => {
    if (hits.length) show((hit + by + hits.length) % hits.length, focus);
  };
  const walkReason = (reason) => {
    const again = walked === reason;
    const isMeant = (block) => fateOf(block) === "dropped" && part(block, "reason").split("; ").includes(reason);
    if (!again) hits = blocks.flatMap((block, place) => (isMeant(block) ? [place] : []));
    walked = reason;
    show(again ? (hit + 1) % hits.length : 0, false);
  };

  let waiting = 0;
  find.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(search, 120);
  });
  find.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "Enter") {
      event.preventDefault();
      clearTimeout(waiting);
      if (find.value !== sought || walked) search();
      else turn(event.shiftKey ? -1 : 1, false);
    } else if (event.key === "Escape") {
      find.value = "";
      search();
      if (chosen >= 0) blocks[chosen].focus({ preventScroll: true });
      else find.blur();
    }
  });
  byId("previous-hit").addEventListener("click", () => turn(-1, false));
  byId("next-hit").addEventListener("click", () => turn(1, false));
  byId("to-story").addEventListener("click", toStory);
  byId("previous-block").addEventListener("click", () => step(-1));
  byId("next-block").addEventListener("click", () => step(1));
  byId("reasons").addEventListener("click", (event) => {
    const button = event.target.closest("[data-reason]");
    if (button) walkReason(button.dataset.reason);
  });

  const main = byId("blocks");
  const blockOf = (event) => event.target.closest?.(".block");
  main.addEventListener("mouseover", (event) => {
    const block = blockOf(event);
    if (block) tell(block);
  });
  main.addEventListener("mouseleave", () => {
    if (chosen >= 0) tell(blocks[chosen]);
  });
  main.addEventListener("focusin", (event) => {
    const block = blockOf(event);
    if (block && places.get(block) !== chosen) choose(places.get(block), "walk");
  });
  main.addEventListener("click", (event) => {
    const block = blockOf(event);
    if (block && !String(getSelection())) choose(places.get(block), "walk");
  });

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target === find) return;
    const onBlock = event.target.closest(".block");
    const action = {
      j: () => step(1), k: () => step(-1), s: toStory, n: () => turn(1, true), p: () => turn(-1, true),
      "/": () => { find.focus(); find.select(); },
      ArrowDown: onBlock && (() => step(1)), ArrowUp: onBlock && (() => step(-1)),
      Home: onBlock && (() => choose(blocks.findIndex(isShown), "walk")),
      End: onBlock && (() => choose(blocks.findLastIndex(isShown), "walk")),
    }[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  });

  addEventListener("beforeprint", () => {
    for (const one of document.querySelectorAll("details:not(#reasons)")) one.open = true;
  });
  document.documentElement.classList.add("scripted");
  for (const block of blocks) block.tabIndex = -1;
  if (blocks.length) blocks[0].tabIndex = 0;
  const linked = /^#block-(\d+)$/.exec(location.hash);
  if (linked) choose(Number(linked[1]), true);
})();

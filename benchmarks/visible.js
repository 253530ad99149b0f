"use strict";
// What a person sees of a page, and what there is to press or to fill in, found by its words alone.
globalThis.visible = (() => {
  const PRESSED = "a[href], button, summary, [role=button], [role=tab]";
  const NONE = 9;

  function shown(element) {
    const { width, height } = element.getBoundingClientRect();
    const seen = element.checkVisibility({ opacityProperty: true, visibilityProperty: true });
    return seen && width > 1 && height > 1;
  }

  function words(element) {
    const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    const found = [];
    while (walker.nextNode()) {
      if (shown(walker.currentNode.parentElement)) found.push(walker.currentNode.data);
    }
    return found.join(" ").replace(/\s+/g, " ").trim();
  }

  // The same words, else these and a mark ("required", a number), else a beginning, else a part.
  function distance(element, wanted) {
    const text = words(element);
    if (text === wanted) return 0;
    if (text.startsWith(`${wanted} `)) return 1;
    if (text.startsWith(wanted)) return 2;
    return text.includes(wanted) ? 3 : NONE;
  }

  function nearest(elements, wanted) {
    const ranked = elements.filter(shown).map((each) => [distance(each, wanted), each]);
    const best = Math.min(NONE, ...ranked.map(([far]) => far));
    return best === NONE ? [] : ranked.filter(([far]) => far === best).map(([, each]) => each);
  }

  // How much else stands in the smallest part of the page that holds both.
  function roomAround(element, near) {
    for (let part = element; part; part = part.parentElement) {
      const text = words(part);
      if (text.includes(near)) return text.length;
    }
    return Number.POSITIVE_INFINITY;
  }

  function all(selector, inside = document) {
    return [...inside.querySelectorAll(selector)];
  }

  function toPress(wanted, near) {
    const shut = (each) => !each.closest("details[open] > summary");
    const found = beside(nearest(all(PRESSED).filter(shut), wanted), near);
    return found && !found.disabled ? found : null;
  }

  function toOpen(wanted, near) {
    return beside(nearest(all("summary"), wanted), near);
  }

  // Of several that which is nearest to other words, else the first of the page's content.
  function beside(found, near) {
    if (!near) return found.filter((each) => each.closest("main")).concat(found)[0] ?? null;
    const rooms = found.map((each) => [roomAround(each, near), each]);
    const least = Math.min(...rooms.map(([room]) => room));
    return (Number.isFinite(least) && rooms.find(([room]) => room === least)?.[1]) || null;
  }

  function toFill(wanted) {
    const labels = nearest(all("label"), wanted).map((each) => each.control);
    const hinted = all("input, textarea").filter((each) => each.placeholder.startsWith(wanted));
    const typed = (each) => each && shown(each) && !["radio", "checkbox"].includes(each.type);
    return labels.concat(hinted).filter(typed)[0] ?? null;
  }

  function toChoose(field, option) {
    for (const legend of nearest(all("fieldset > legend"), field)) {
      const options = all("label", legend.parentElement).filter((each) => each.control);
      const [label] = nearest(options, option);
      if (label) return chosen(label, options.filter(shown).length, label.control.checked, null);
    }
    const select = toFill(field);
    const wanted = [...(select?.options ?? [])].find((each) => each.label.trim() === option);
    return wanted ? chosen(select, select.options.length, wanted.selected, wanted.value) : null;
  }

  // What has to be opened before an option that is folded away can be seen.
  function toUnfold(field, option) {
    for (const legend of nearest(all("fieldset > legend"), field)) {
      const folded = all("details:not([open]) label", legend.parentElement);
      const label = folded.find((each) => each.textContent.trim() === option);
      if (label) return label.closest("details").querySelector("summary");
    }
    return null;
  }

  function chosen(element, options, already, value) {
    return { element, told: { options, chosen: already, value } };
  }

  // The smallest part of the page that says this.
  function part(wanted) {
    const found = all("body *").filter((each) => shown(each) && words(each).includes(wanted));
    return found.at(-1) ?? null;
  }

  // Which line of the page's lists names somebody first, and how far down it lies.
  function place(name) {
    const lines = all("main li, main tbody tr").filter((each) => shown(each) && !each.closest("nav"));
    const found = lines.findIndex((each) => words(each).includes(name));
    return { place: found + 1, top: found < 0 ? 0 : Math.round(lines[found].getBoundingClientRect().top) };
  }

  // The lines of a work queue, each with the link that it bears first.
  function ways() {
    const lines = all("main ol.lines > li").filter(shown);
    return lines.map((each) => ({ words: words(each), address: each.querySelector("a[href]")?.href ?? "" }));
  }

  function fields() {
    return all("main input:not([type=hidden]), main textarea").filter(shown);
  }

  // What the page is and offers, for whoever looks for something in vain.
  function told() {
    const named = all(`${PRESSED}, label, legend`).filter(shown).map(words);
    const alerts = all("[role=alert]")
      .filter(shown)
      .map((each) => `says “${words(each)}” `);
    const heading = document.querySelector("h1");
    return {
      heading: heading ? words(heading) : "",
      alert: alerts.join(""),
      offered: [...new Set(named.filter(Boolean))],
    };
  }

  return { toPress, toOpen, toFill, toChoose, toUnfold, part, place, ways, fields, told };
})();

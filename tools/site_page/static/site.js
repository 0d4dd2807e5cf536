// A formula that is wider than the screen scrolls in a box of its own: let the keyboard reach it.
function reachWideFormulas() {
  for (const formula of document.querySelectorAll("div.math, mjx-container[display]")) {
    if (formula.scrollWidth > formula.clientWidth && getComputedStyle(formula).overflowX !== "visible") {
      formula.tabIndex = 0;
    } else {
      formula.removeAttribute("tabindex");
    }
  }
}
window.addEventListener("load", async () => {
  await window.MathJax?.startup?.promise;
  reachWideFormulas();
  window.addEventListener("resize", reachWideFormulas);
});

// The theme's button that unfolds a part of the contents has a picture and no name.
function nameUnfoldingButtons() {
  for (const button of document.querySelectorAll("summary:has(> .toctree-toggle)")) {
    button.ariaLabel = `Pages of: ${button.closest("li").querySelector("a").textContent.trim()}`;
  }
}
window.addEventListener("DOMContentLoaded", nameUnfoldingButtons);

// The GRU explorer is a page of its own, in a frame: it is as light or as dark as the page around it.
function dressFrames() {
  for (const frame of document.querySelectorAll("iframe[srcdoc]")) {
    const root = frame.contentDocument?.documentElement; // none while it is being loaded
    if (root) {
      root.dataset.theme = document.documentElement.dataset.theme;
    }
  }
}
window.addEventListener("load", dressFrames);
new MutationObserver(dressFrames).observe(document.documentElement, { attributeFilter: ["data-theme"] });

// What the search shows of a page is its article, not the buttons around it.
window.addEventListener("DOMContentLoaded", () => {
  if (typeof Search === "undefined") {
    return;
  }
  const toText = Search.htmlToText;
  Search.htmlToText = (page, anchor) => {
    const article = new DOMParser().parseFromString(page, "text/html").querySelector("article");
    return toText(`<main role="main">${article.outerHTML}</main>`, anchor);
  };
});

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

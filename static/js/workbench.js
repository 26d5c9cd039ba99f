/*
 * Small helps for the office on top of pages that work without them. Texts come from the templates, never from here.
 * Written for old kernels too: nothing newer than Chromium 60 is taken for granted.
 */
(function () {
  "use strict";

  // ---- [data-while-seen]: what is asked again and again is not asked while nobody looks

  document.addEventListener("htmx:beforeRequest", function (event) {
    if (document.hidden && event.detail.elt.hasAttribute("data-while-seen")) { event.preventDefault(); }
  });
})();

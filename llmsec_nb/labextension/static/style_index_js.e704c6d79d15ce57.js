"use strict";(self.rspackChunkllmsec_nb=self.rspackChunkllmsec_nb||[]).push([["style_index_js"],{"./node_modules/css-loader/dist/cjs.js!./style/base.css"(e,o,l){var r=l("./node_modules/css-loader/dist/runtime/noSourceMaps.js"),t=l.n(r),a=l("./node_modules/css-loader/dist/runtime/api.js"),s=(l.n(a))()(t());s.push([e.id,`.llmsec-Panel {
  background: var(--jp-layout-color1);
  color: var(--jp-ui-font-color1);
  font-family: var(--jp-ui-font-family);
  font-size: var(--jp-ui-font-size1);
  overflow: hidden;
}

.llmsec-content {
  box-sizing: border-box;
  display: flex;
  flex-direction: column;
  gap: 6px;
  height: 100%;
  overflow: auto;
  padding: 8px;
}

.llmsec-summary {
  font-weight: 600;
  margin-bottom: 6px;
}

.llmsec-actions,
.llmsec-toggles {
  display: flex;
  flex-wrap: wrap;
  gap: 4px;
}

.llmsec-button,
.llmsec-toggle {
  background: var(--jp-layout-color2);
  border: var(--jp-border-width) solid var(--jp-border-color1);
  border-radius: var(--jp-border-radius);
  color: var(--jp-ui-font-color1);
  cursor: pointer;
  font: inherit;
  padding: 1px 8px;
}

.llmsec-button:hover:not(:disabled),
.llmsec-toggle:hover {
  background: var(--jp-layout-color3);
}

.llmsec-button:disabled {
  color: var(--jp-ui-font-color2);
  cursor: default;
  opacity: 0.6;
}

.llmsec-button:focus-visible,
.llmsec-toggle:focus-visible,
.llmsec-status:focus-visible,
.llmsec-row:focus-visible,
.llmsec-frame-head:focus-visible,
.llmsec-frame-scroll:focus-visible,
.llmsec-frame tr:focus,
.llmsec-group:focus-visible > .llmsec-group-head {
  outline: 2px solid var(--jp-brand-color1);
  outline-offset: -2px;
}

.llmsec-toggle[aria-pressed='true'] {
  background: var(--jp-layout-color3);
  border-color: var(--jp-brand-color1);
  box-shadow: inset 0 -2px var(--jp-brand-color1);
}

.llmsec-filter {
  display: flex;
  flex-direction: column;
  gap: 4px;
}

.llmsec-search.jp-mod-styled,
.llmsec-family.jp-mod-styled {
  box-sizing: border-box;
  color: var(--jp-ui-font-color1);
  font-size: var(--jp-ui-font-size1);
  height: 26px;
  padding: 0 6px;
  width: 100%;
}

.llmsec-search::placeholder {
  color: var(--jp-ui-font-color1);
  opacity: 0.75;
}

.llmsec-problems {
  background: var(--jp-layout-color2);
  border-left: 4px solid var(--jp-warn-color1);
  padding: 4px 8px;
}

.llmsec-problems ul {
  margin: 2px 0;
  max-height: 8em;
  overflow: auto;
  padding-left: 18px;
}

.llmsec-empty {
  margin: 4px 0;
}

.llmsec-tree {
  flex: 1 1 0;
  min-height: 96px;
  overflow: auto;
}

.llmsec-group-head {
  cursor: pointer;
  font-weight: 600;
  padding: 2px 4px;
}

.llmsec-twist {
  display: inline-block;
  width: 1em;
}

.llmsec-row {
  align-items: baseline;
  column-gap: 6px;
  cursor: pointer;
  display: grid;
  grid-template-columns: 18px fit-content(70%) minmax(0, 1fr);
  padding: 3px 4px 3px 16px;
}

.llmsec-row:hover {
  background: var(--jp-layout-color2);
}

.llmsec-row[aria-selected='true'] {
  background: var(--jp-layout-color2);
  box-shadow: inset 3px 0 var(--jp-brand-color1);
}

.llmsec-row-icon {
  align-self: center;
  grid-row: 1 / 3;
  line-height: 0;
}

.llmsec-row-name {
  grid-column: 2 / -1;
  overflow: hidden;
  text-overflow: ellipsis;
  white-space: nowrap;
}

.llmsec-rule {
  font-weight: 600;
}

.llmsec-evidence {
  background: none;
  color: var(--jp-ui-font-color1);
  font-family: var(--jp-code-font-family);
  font-size: var(--jp-code-font-size);
  max-width: 12em;
  overflow: hidden;
  text-overflow: ellipsis;
  unicode-bidi: isolate;
  white-space: nowrap;
}

.llmsec-where {
  color: var(--jp-ui-font-color1);
  font-size: var(--jp-ui-font-size0);
  white-space: nowrap;
}

.llmsec-row .llmsec-where {
  overflow: hidden;
  text-overflow: ellipsis;
}

.llmsec-row .llmsec-evidence {
  max-width: none;
  text-align: right;
}

.llmsec-row .llmsec-message {
  font-size: var(--jp-ui-font-size0);
  overflow: hidden;
  text-overflow: ellipsis;
  white-space: nowrap;
}

.llmsec-suppressed .llmsec-row-name {
  grid-column: 2 / -1;
  text-decoration: line-through;
}

.llmsec-more {
  margin: 2px 16px;
}

/* Severity is said in words; the bar beside them only helps the eye. */
.llmsec-group-head[class*='llmsec-level-'],
.llmsec-toggle[class*='llmsec-level-'],
.llmsec-level {
  border-left: 4px solid var(--llmsec-level, var(--jp-border-color1));
  padding-left: 6px;
}

.llmsec-level-critical,
.llmsec-level-high {
  --llmsec-level: var(--jp-error-color1);
}

.llmsec-level-medium {
  --llmsec-level: var(--jp-warn-color1);
}

.llmsec-level-low,
.llmsec-level-info {
  --llmsec-level: var(--jp-info-color1);
}

/* Tables of columns: each scrolls sideways in a place of its own. */
.llmsec-tables {
  border-top: var(--jp-border-width) solid var(--jp-border-color1);
  flex: 0 1 auto;
  min-height: 112px;
  overflow: auto;
  padding-top: 4px;
}

.llmsec-tree ~ .llmsec-tables {
  max-height: 50%;
}

.llmsec-tables h3,
.llmsec-tables h4 {
  font-size: var(--jp-ui-font-size1);
  margin: 0 0 4px;
}

.llmsec-frame-head {
  background: none;
  border: none;
  color: var(--jp-ui-font-color1);
  cursor: pointer;
  font: inherit;
  padding: 2px 4px;
  text-align: left;
  width: 100%;
}

.llmsec-frame-head:hover {
  background: var(--jp-layout-color2);
}

.llmsec-frame-head .llmsec-where {
  font-weight: 400;
}

.llmsec-tables code {
  background: none;
  color: var(--jp-ui-font-color1);
  font-family: var(--jp-code-font-family);
  font-size: var(--jp-code-font-size);
  padding: 0;
  unicode-bidi: isolate;
}

.llmsec-incomplete {
  background: var(--jp-layout-color2);
  border-left: 4px solid var(--jp-warn-color1);
  font-size: var(--jp-ui-font-size0);
  padding: 0 6px;
  white-space: nowrap;
}

.llmsec-frame-scroll {
  overflow-x: auto;
}

.llmsec-frame table {
  border-spacing: 0;
  color: var(--jp-ui-font-color1);
  font-size: var(--jp-ui-font-size1);
}

.llmsec-frame caption {
  caption-side: top;
  font-size: var(--jp-ui-font-size0);
  padding: 0 4px 2px;
  text-align: left;
}

.llmsec-caption {
  left: 4px;
  position: sticky;
}

.llmsec-frame th,
.llmsec-frame td {
  border-bottom: var(--jp-border-width) solid var(--jp-border-color2);
  padding: 2px 6px;
  text-align: left;
  vertical-align: top;
  white-space: nowrap;
}

.llmsec-frame thead th {
  font-size: var(--jp-ui-font-size0);
  font-weight: 600;
}

.llmsec-frame tbody th {
  font-weight: 400;
}

/* The name stays in sight while the rest scrolls below it. */
.llmsec-frame thead th:first-child,
.llmsec-frame tbody th {
  background: var(--jp-layout-color1);
  left: 0;
  position: sticky;
  z-index: 1;
}

.llmsec-frame tbody th > code {
  display: block;
  max-width: 8em;
  overflow-wrap: anywhere;
  white-space: normal;
  width: max-content;
}

.llmsec-frame tr:focus > * {
  background: var(--jp-layout-color2);
  box-shadow:
    inset 0 2px var(--jp-brand-color1),
    inset 0 -2px var(--jp-brand-color1);
}

.llmsec-frame td.llmsec-kind {
  border-left: 4px solid var(--llmsec-level, var(--jp-border-color1));
}

.llmsec-frame td:nth-of-type(1) {
  min-width: 9em;
  white-space: normal;
}

.llmsec-frame thead th:nth-child(3),
.llmsec-frame thead th:nth-child(4),
.llmsec-frame td.llmsec-number {
  font-variant-numeric: tabular-nums;
  text-align: right;
}

.llmsec-frame .llmsec-evidence {
  display: block;
}

.llmsec-note {
  font-size: var(--jp-ui-font-size0);
}

.llmsec-share {
  align-items: center;
  display: flex;
  gap: 6px;
  white-space: nowrap;
}

.llmsec-bar {
  border: var(--jp-border-width) solid var(--jp-border-color1);
  flex: 0 0 5em;
  height: 0.6em;
}

/* A border, not a background: it is also drawn where the system forces its own colours. */
.llmsec-bar > div {
  border-top: 0.6em solid var(--llmsec-level, var(--jp-border-color1));
  height: 0;
}

.llmsec-fold {
  margin: 4px 0;
}

.llmsec-risk p,
.llmsec-risk ul {
  margin: 4px;
}

.llmsec-risk ul {
  padding-left: 18px;
}

.llmsec-risk li {
  overflow-wrap: anywhere;
}

.llmsec-alert {
  border-left: 4px solid var(--llmsec-level, var(--jp-border-color1));
  margin: 2px 4px;
  padding: 0 6px;
}

.llmsec-alert > summary {
  cursor: pointer;
  overflow-wrap: anywhere;
}

.llmsec-alert > summary:focus-visible {
  outline: 2px solid var(--jp-brand-color1);
}

.llmsec-alert p,
.llmsec-data .llmsec-note {
  margin: 4px;
  overflow-wrap: anywhere;
}

.llmsec-data ul {
  margin: 4px;
  overflow-wrap: anywhere;
  padding-left: 18px;
}

.llmsec-sample {
  overflow-wrap: anywhere;
}

.llmsec-sample mark {
  background: none;
  color: inherit;
  font-weight: 700;
  text-decoration: underline wavy var(--jp-error-color1);
}

.llmsec-plot {
  display: block;
  max-width: 460px;
  width: 100%;
}

.llmsec-plot text {
  fill: var(--jp-ui-font-color1);
  font-size: 10px;
}

.llmsec-plot text.llmsec-trigger {
  font-weight: 600;
}

.llmsec-plot .llmsec-axis {
  fill: none;
  stroke: var(--jp-border-color1);
}

.llmsec-plot .llmsec-word {
  fill: var(--jp-ui-font-color2);
  opacity: 0.35;
}

.llmsec-plot circle.llmsec-trigger {
  fill: var(--jp-error-color1);
}

.llmsec-detail {
  border-top: var(--jp-border-width) solid var(--jp-border-color1);
  flex: 0 0 auto;
  max-height: 50%;
  overflow: auto;
  padding-top: 4px;
}

.llmsec-tables ~ .llmsec-detail {
  flex: 0 1 auto;
  min-height: 112px;
}

.llmsec-detail h3 {
  font-size: var(--jp-ui-font-size1);
  margin: 4px 0;
}

.llmsec-detail p {
  margin: 4px 0;
  overflow-wrap: anywhere;
}

.llmsec-detail pre {
  background: var(--jp-layout-color2);
  color: var(--jp-ui-font-color1);
  font-family: var(--jp-code-font-family);
  font-size: var(--jp-code-font-size);
  overflow: auto;
  padding: 4px;
}

.llmsec-detail a,
.llmsec-tooltip a {
  color: var(--jp-content-link-color);
  text-decoration: underline;
}

.llmsec-footer {
  border-top: var(--jp-border-width) solid var(--jp-border-color2);
  color: var(--jp-ui-font-color1);
  font-size: var(--jp-ui-font-size0);
  padding-top: 4px;
}

/* Status bar */
.llmsec-status {
  align-items: center;
  background: none;
  border: none;
  color: var(--jp-ui-font-color1);
  cursor: pointer;
  display: inline-flex;
  font: inherit;
  gap: 5px;
  height: 100%;
  padding: 0 6px;
}

.llmsec-status.llmsec-amber {
  box-shadow: inset 0 -3px var(--jp-warn-color1);
}

.llmsec-count {
  border-left: 4px solid var(--llmsec-level, var(--jp-border-color1));
  line-height: 1;
  padding-left: 3px;
}

/* Marks in editors */
.cm-editor .llmsec-mark {
  background-image: none;
  text-decoration-skip-ink: none;
  text-underline-offset: 2px;
}

/* Where marks lie upon each other the worst is seen: it comes last. */
.cm-editor .llmsec-mark-suppressed {
  text-decoration: underline dotted var(--jp-ui-font-color2);
}

.cm-editor .llmsec-mark-low,
.cm-editor .llmsec-mark-info {
  text-decoration: underline wavy var(--jp-info-color1);
}

.cm-editor .llmsec-mark-medium {
  text-decoration: underline wavy var(--jp-warn-color1);
}

.cm-editor .llmsec-mark-high,
.cm-editor .llmsec-mark-critical {
  text-decoration: underline wavy var(--jp-error-color1);
}

.cm-editor .cm-gutters:has(> .cm-gutter-lint:only-child),
.cm-editor .cm-gutter-lint {
  background: var(--jp-cell-editor-background);
  border: none;
  width: 1.1em;
}

.cm-tooltip:has(.llmsec-tooltip),
.cm-tooltip .cm-diagnostic:has(.llmsec-tooltip) {
  background: var(--jp-layout-color1);
  color: var(--jp-ui-font-color1);
}

.llmsec-tooltip {
  font-family: var(--jp-ui-font-family);
  font-size: var(--jp-ui-font-size1);
  max-width: 46em;
  white-space: normal;
}

.llmsec-tooltip p {
  margin: 4px 0;
}

.llmsec-tooltip-head {
  align-items: baseline;
  display: flex;
  flex-wrap: wrap;
  gap: 6px;
}

.cm-tooltip .cm-diagnostic:has(.llmsec-tooltip) .cm-diagnosticAction {
  background: var(--jp-layout-color2);
  border: var(--jp-border-width) solid var(--jp-border-color1);
  border-radius: var(--jp-border-radius);
  color: var(--jp-ui-font-color1);
}

.cm-tooltip .cm-diagnostic:has(.llmsec-tooltip) .cm-diagnosticSource {
  display: none;
}

/* Badges on outputs */
.llmsec-OutputBadge {
  align-items: center;
  background: var(--jp-layout-color2);
  border-left: 4px solid var(--jp-error-color1);
  color: var(--jp-ui-font-color1);
  display: flex;
  flex-wrap: wrap;
  font-family: var(--jp-ui-font-family);
  font-size: var(--jp-ui-font-size1);
  gap: 6px;
  margin: 2px 0 2px var(--jp-cell-prompt-width);
  padding: 2px 8px;
}

.llmsec-OutputBadge[data-level='medium'] {
  border-left-color: var(--jp-warn-color1);
}

.llmsec-OutputBadge[data-level='low'],
.llmsec-OutputBadge[data-level='info'] {
  border-left-color: var(--jp-info-color1);
}

.llmsec-OutputBadge-text {
  flex: 1 1 auto;
}
`,""]),l.d(o,{},{A:s})},"./node_modules/css-loader/dist/runtime/api.js"(e){e.exports=function(e){var o=[];return o.toString=function(){return this.map(function(o){var l="",r=void 0!==o[5];return o[4]&&(l+="@supports (".concat(o[4],") {")),o[2]&&(l+="@media ".concat(o[2]," {")),r&&(l+="@layer".concat(o[5].length>0?" ".concat(o[5]):""," {")),l+=e(o),r&&(l+="}"),o[2]&&(l+="}"),o[4]&&(l+="}"),l}).join("")},o.i=function(e,l,r,t,a){"string"==typeof e&&(e=[[null,e,void 0]]);var s={};if(r)for(var i=0;i<this.length;i++){var n=this[i][0];null!=n&&(s[n]=!0)}for(var c=0;c<e.length;c++){var d=[].concat(e[c]);r&&s[d[0]]||(void 0!==a&&(void 0===d[5]||(d[1]="@layer".concat(d[5].length>0?" ".concat(d[5]):""," {").concat(d[1],"}")),d[5]=a),l&&(d[2]&&(d[1]="@media ".concat(d[2]," {").concat(d[1],"}")),d[2]=l),t&&(d[4]?(d[1]="@supports (".concat(d[4],") {").concat(d[1],"}"),d[4]=t):d[4]="".concat(t)),o.push(d))}},o}},"./node_modules/css-loader/dist/runtime/noSourceMaps.js"(e){e.exports=function(e){return e[1]}},"./node_modules/style-loader/dist/runtime/injectStylesIntoStyleTag.js"(e){var o=[];function l(e){for(var l=-1,r=0;r<o.length;r++)if(o[r].identifier===e){l=r;break}return l}function r(e,r){for(var t={},a=[],s=0;s<e.length;s++){var i=e[s],n=r.base?i[0]+r.base:i[0],c=t[n]||0,d="".concat(n," ").concat(c);t[n]=c+1;var p=l(d),m={css:i[1],media:i[2],sourceMap:i[3],supports:i[4],layer:i[5]};if(-1!==p)o[p].references++,o[p].updater(m);else{var u=function(e,o){var l=o.domAPI(o);return l.update(e),function(o){o?(o.css!==e.css||o.media!==e.media||o.sourceMap!==e.sourceMap||o.supports!==e.supports||o.layer!==e.layer)&&l.update(e=o):l.remove()}}(m,r);r.byIndex=s,o.splice(s,0,{identifier:d,updater:u,references:1})}a.push(d)}return a}e.exports=function(e,t){var a=r(e=e||[],t=t||{});return function(e){e=e||[];for(var s=0;s<a.length;s++){var i=l(a[s]);o[i].references--}for(var n=r(e,t),c=0;c<a.length;c++){var d=l(a[c]);0===o[d].references&&(o[d].updater(),o.splice(d,1))}a=n}}},"./node_modules/style-loader/dist/runtime/insertBySelector.js"(e){var o={};e.exports=function(e,l){var r=function(e){if(void 0===o[e]){var l=document.querySelector(e);if(window.HTMLIFrameElement&&l instanceof window.HTMLIFrameElement)try{l=l.contentDocument.head}catch(e){l=null}o[e]=l}return o[e]}(e);if(!r)throw Error("Couldn't find a style target. This probably means that the value for the 'insert' parameter is invalid.");r.appendChild(l)}},"./node_modules/style-loader/dist/runtime/insertStyleElement.js"(e){e.exports=function(e){var o=document.createElement("style");return e.setAttributes(o,e.attributes),e.insert(o,e.options),o}},"./node_modules/style-loader/dist/runtime/setAttributesWithoutAttributes.js"(e,o,l){e.exports=function(e){var o=l.nc;o&&e.setAttribute("nonce",o)}},"./node_modules/style-loader/dist/runtime/styleDomAPI.js"(e){e.exports=function(e){if("u"<typeof document)return{update:function(){},remove:function(){}};var o=e.insertStyleElement(e);return{update:function(l){var r,t,a;r="",l.supports&&(r+="@supports (".concat(l.supports,") {")),l.media&&(r+="@media ".concat(l.media," {")),(t=void 0!==l.layer)&&(r+="@layer".concat(l.layer.length>0?" ".concat(l.layer):""," {")),r+=l.css,t&&(r+="}"),l.media&&(r+="}"),l.supports&&(r+="}"),(a=l.sourceMap)&&"u">typeof btoa&&(r+="\n/*# sourceMappingURL=data:application/json;base64,".concat(btoa(unescape(encodeURIComponent(JSON.stringify(a))))," */")),e.styleTagTransform(r,o,e.options)},remove:function(){var e;null===(e=o).parentNode||e.parentNode.removeChild(e)}}}},"./node_modules/style-loader/dist/runtime/styleTagTransform.js"(e){e.exports=function(e,o){if(o.styleSheet)o.styleSheet.cssText=e;else{for(;o.firstChild;)o.removeChild(o.firstChild);o.appendChild(document.createTextNode(e))}}},"./style/index.js"(e,o,l){var r=l("./node_modules/style-loader/dist/runtime/injectStylesIntoStyleTag.js"),t=l.n(r),a=l("./node_modules/style-loader/dist/runtime/styleDomAPI.js"),s=l.n(a),i=l("./node_modules/style-loader/dist/runtime/insertBySelector.js"),n=l.n(i),c=l("./node_modules/style-loader/dist/runtime/setAttributesWithoutAttributes.js"),d=l.n(c),p=l("./node_modules/style-loader/dist/runtime/insertStyleElement.js"),m=l.n(p),u=l("./node_modules/style-loader/dist/runtime/styleTagTransform.js"),f=l.n(u),v=l("./node_modules/css-loader/dist/cjs.js!./style/base.css"),h={};h.styleTagTransform=f(),h.setAttributes=d(),h.insert=n().bind(null,"head"),h.domAPI=s(),h.insertStyleElement=m(),t()(v.A,h),v.A&&v.A.locals&&v.A.locals}}]);
"use strict";(self.rspackChunkllmsec_nb=self.rspackChunkllmsec_nb||[]).push([["style_index_js"],{"./node_modules/css-loader/dist/cjs.js!./style/base.css"(e,o,r){var l=r("./node_modules/css-loader/dist/runtime/noSourceMaps.js"),t=r.n(l),s=r("./node_modules/css-loader/dist/runtime/api.js"),a=(r.n(s))()(t());a.push([e.id,`.llmsec-Panel {
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
  grid-template-columns: 18px auto minmax(0, 1fr);
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

.llmsec-row .llmsec-evidence {
  max-width: none;
  text-align: right;
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

.llmsec-detail {
  border-top: var(--jp-border-width) solid var(--jp-border-color1);
  flex: 0 0 auto;
  max-height: 50%;
  overflow: auto;
  padding-top: 4px;
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
  text-decoration: underline wavy var(--jp-error-color1);
  text-decoration-skip-ink: none;
  text-underline-offset: 2px;
}

.cm-editor .llmsec-mark-medium {
  text-decoration-color: var(--jp-warn-color1);
}

.cm-editor .llmsec-mark-low,
.cm-editor .llmsec-mark-info {
  text-decoration-color: var(--jp-info-color1);
}

.cm-editor .llmsec-mark-suppressed {
  text-decoration: underline dotted var(--jp-ui-font-color2);
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
`,""]),r.d(o,{},{A:a})},"./node_modules/css-loader/dist/runtime/api.js"(e){e.exports=function(e){var o=[];return o.toString=function(){return this.map(function(o){var r="",l=void 0!==o[5];return o[4]&&(r+="@supports (".concat(o[4],") {")),o[2]&&(r+="@media ".concat(o[2]," {")),l&&(r+="@layer".concat(o[5].length>0?" ".concat(o[5]):""," {")),r+=e(o),l&&(r+="}"),o[2]&&(r+="}"),o[4]&&(r+="}"),r}).join("")},o.i=function(e,r,l,t,s){"string"==typeof e&&(e=[[null,e,void 0]]);var a={};if(l)for(var i=0;i<this.length;i++){var n=this[i][0];null!=n&&(a[n]=!0)}for(var c=0;c<e.length;c++){var d=[].concat(e[c]);l&&a[d[0]]||(void 0!==s&&(void 0===d[5]||(d[1]="@layer".concat(d[5].length>0?" ".concat(d[5]):""," {").concat(d[1],"}")),d[5]=s),r&&(d[2]&&(d[1]="@media ".concat(d[2]," {").concat(d[1],"}")),d[2]=r),t&&(d[4]?(d[1]="@supports (".concat(d[4],") {").concat(d[1],"}"),d[4]=t):d[4]="".concat(t)),o.push(d))}},o}},"./node_modules/css-loader/dist/runtime/noSourceMaps.js"(e){e.exports=function(e){return e[1]}},"./node_modules/style-loader/dist/runtime/injectStylesIntoStyleTag.js"(e){var o=[];function r(e){for(var r=-1,l=0;l<o.length;l++)if(o[l].identifier===e){r=l;break}return r}function l(e,l){for(var t={},s=[],a=0;a<e.length;a++){var i=e[a],n=l.base?i[0]+l.base:i[0],c=t[n]||0,d="".concat(n," ").concat(c);t[n]=c+1;var p=r(d),u={css:i[1],media:i[2],sourceMap:i[3],supports:i[4],layer:i[5]};if(-1!==p)o[p].references++,o[p].updater(u);else{var m=function(e,o){var r=o.domAPI(o);return r.update(e),function(o){o?(o.css!==e.css||o.media!==e.media||o.sourceMap!==e.sourceMap||o.supports!==e.supports||o.layer!==e.layer)&&r.update(e=o):r.remove()}}(u,l);l.byIndex=a,o.splice(a,0,{identifier:d,updater:m,references:1})}s.push(d)}return s}e.exports=function(e,t){var s=l(e=e||[],t=t||{});return function(e){e=e||[];for(var a=0;a<s.length;a++){var i=r(s[a]);o[i].references--}for(var n=l(e,t),c=0;c<s.length;c++){var d=r(s[c]);0===o[d].references&&(o[d].updater(),o.splice(d,1))}s=n}}},"./node_modules/style-loader/dist/runtime/insertBySelector.js"(e){var o={};e.exports=function(e,r){var l=function(e){if(void 0===o[e]){var r=document.querySelector(e);if(window.HTMLIFrameElement&&r instanceof window.HTMLIFrameElement)try{r=r.contentDocument.head}catch(e){r=null}o[e]=r}return o[e]}(e);if(!l)throw Error("Couldn't find a style target. This probably means that the value for the 'insert' parameter is invalid.");l.appendChild(r)}},"./node_modules/style-loader/dist/runtime/insertStyleElement.js"(e){e.exports=function(e){var o=document.createElement("style");return e.setAttributes(o,e.attributes),e.insert(o,e.options),o}},"./node_modules/style-loader/dist/runtime/setAttributesWithoutAttributes.js"(e,o,r){e.exports=function(e){var o=r.nc;o&&e.setAttribute("nonce",o)}},"./node_modules/style-loader/dist/runtime/styleDomAPI.js"(e){e.exports=function(e){if("u"<typeof document)return{update:function(){},remove:function(){}};var o=e.insertStyleElement(e);return{update:function(r){var l,t,s;l="",r.supports&&(l+="@supports (".concat(r.supports,") {")),r.media&&(l+="@media ".concat(r.media," {")),(t=void 0!==r.layer)&&(l+="@layer".concat(r.layer.length>0?" ".concat(r.layer):""," {")),l+=r.css,t&&(l+="}"),r.media&&(l+="}"),r.supports&&(l+="}"),(s=r.sourceMap)&&"u">typeof btoa&&(l+="\n/*# sourceMappingURL=data:application/json;base64,".concat(btoa(unescape(encodeURIComponent(JSON.stringify(s))))," */")),e.styleTagTransform(l,o,e.options)},remove:function(){var e;null===(e=o).parentNode||e.parentNode.removeChild(e)}}}},"./node_modules/style-loader/dist/runtime/styleTagTransform.js"(e){e.exports=function(e,o){if(o.styleSheet)o.styleSheet.cssText=e;else{for(;o.firstChild;)o.removeChild(o.firstChild);o.appendChild(document.createTextNode(e))}}},"./style/index.js"(e,o,r){var l=r("./node_modules/style-loader/dist/runtime/injectStylesIntoStyleTag.js"),t=r.n(l),s=r("./node_modules/style-loader/dist/runtime/styleDomAPI.js"),a=r.n(s),i=r("./node_modules/style-loader/dist/runtime/insertBySelector.js"),n=r.n(i),c=r("./node_modules/style-loader/dist/runtime/setAttributesWithoutAttributes.js"),d=r.n(c),p=r("./node_modules/style-loader/dist/runtime/insertStyleElement.js"),u=r.n(p),m=r("./node_modules/style-loader/dist/runtime/styleTagTransform.js"),f=r.n(m),v=r("./node_modules/css-loader/dist/cjs.js!./style/base.css"),g={};g.styleTagTransform=f(),g.setAttributes=d(),g.insert=n().bind(null,"head"),g.domAPI=a(),g.insertStyleElement=u(),t()(v.A,g),v.A&&v.A.locals&&v.A.locals}}]);
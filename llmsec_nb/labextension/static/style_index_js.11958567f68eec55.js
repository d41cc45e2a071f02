"use strict";(self.rspackChunkllmsec_nb=self.rspackChunkllmsec_nb||[]).push([["style_index_js"],{"./node_modules/css-loader/dist/cjs.js!./style/base.css"(e,o,l){var r=l("./node_modules/css-loader/dist/runtime/noSourceMaps.js"),t=l.n(r),s=l("./node_modules/css-loader/dist/runtime/api.js"),a=(l.n(s))()(t());a.push([e.id,`.llmsec-Panel {
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
  height: 26px;
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
  flex: 1 1 auto;
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
  grid-template-columns: 18px 1fr auto;
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
  line-height: 0;
}

.llmsec-row-name {
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
  grid-column: 2 / -1;
}

.llmsec-suppressed .llmsec-row-name {
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
  flex: 0 1 auto;
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

.cm-editor .cm-gutter-lint {
  background: transparent;
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
`,""]),l.d(o,{},{A:a})},"./node_modules/css-loader/dist/runtime/api.js"(e){e.exports=function(e){var o=[];return o.toString=function(){return this.map(function(o){var l="",r=void 0!==o[5];return o[4]&&(l+="@supports (".concat(o[4],") {")),o[2]&&(l+="@media ".concat(o[2]," {")),r&&(l+="@layer".concat(o[5].length>0?" ".concat(o[5]):""," {")),l+=e(o),r&&(l+="}"),o[2]&&(l+="}"),o[4]&&(l+="}"),l}).join("")},o.i=function(e,l,r,t,s){"string"==typeof e&&(e=[[null,e,void 0]]);var a={};if(r)for(var n=0;n<this.length;n++){var i=this[n][0];null!=i&&(a[i]=!0)}for(var c=0;c<e.length;c++){var d=[].concat(e[c]);r&&a[d[0]]||(void 0!==s&&(void 0===d[5]||(d[1]="@layer".concat(d[5].length>0?" ".concat(d[5]):""," {").concat(d[1],"}")),d[5]=s),l&&(d[2]&&(d[1]="@media ".concat(d[2]," {").concat(d[1],"}")),d[2]=l),t&&(d[4]?(d[1]="@supports (".concat(d[4],") {").concat(d[1],"}"),d[4]=t):d[4]="".concat(t)),o.push(d))}},o}},"./node_modules/css-loader/dist/runtime/noSourceMaps.js"(e){e.exports=function(e){return e[1]}},"./node_modules/style-loader/dist/runtime/injectStylesIntoStyleTag.js"(e){var o=[];function l(e){for(var l=-1,r=0;r<o.length;r++)if(o[r].identifier===e){l=r;break}return l}function r(e,r){for(var t={},s=[],a=0;a<e.length;a++){var n=e[a],i=r.base?n[0]+r.base:n[0],c=t[i]||0,d="".concat(i," ").concat(c);t[i]=c+1;var p=l(d),u={css:n[1],media:n[2],sourceMap:n[3],supports:n[4],layer:n[5]};if(-1!==p)o[p].references++,o[p].updater(u);else{var m=function(e,o){var l=o.domAPI(o);return l.update(e),function(o){o?(o.css!==e.css||o.media!==e.media||o.sourceMap!==e.sourceMap||o.supports!==e.supports||o.layer!==e.layer)&&l.update(e=o):l.remove()}}(u,r);r.byIndex=a,o.splice(a,0,{identifier:d,updater:m,references:1})}s.push(d)}return s}e.exports=function(e,t){var s=r(e=e||[],t=t||{});return function(e){e=e||[];for(var a=0;a<s.length;a++){var n=l(s[a]);o[n].references--}for(var i=r(e,t),c=0;c<s.length;c++){var d=l(s[c]);0===o[d].references&&(o[d].updater(),o.splice(d,1))}s=i}}},"./node_modules/style-loader/dist/runtime/insertBySelector.js"(e){var o={};e.exports=function(e,l){var r=function(e){if(void 0===o[e]){var l=document.querySelector(e);if(window.HTMLIFrameElement&&l instanceof window.HTMLIFrameElement)try{l=l.contentDocument.head}catch(e){l=null}o[e]=l}return o[e]}(e);if(!r)throw Error("Couldn't find a style target. This probably means that the value for the 'insert' parameter is invalid.");r.appendChild(l)}},"./node_modules/style-loader/dist/runtime/insertStyleElement.js"(e){e.exports=function(e){var o=document.createElement("style");return e.setAttributes(o,e.attributes),e.insert(o,e.options),o}},"./node_modules/style-loader/dist/runtime/setAttributesWithoutAttributes.js"(e,o,l){e.exports=function(e){var o=l.nc;o&&e.setAttribute("nonce",o)}},"./node_modules/style-loader/dist/runtime/styleDomAPI.js"(e){e.exports=function(e){if("u"<typeof document)return{update:function(){},remove:function(){}};var o=e.insertStyleElement(e);return{update:function(l){var r,t,s;r="",l.supports&&(r+="@supports (".concat(l.supports,") {")),l.media&&(r+="@media ".concat(l.media," {")),(t=void 0!==l.layer)&&(r+="@layer".concat(l.layer.length>0?" ".concat(l.layer):""," {")),r+=l.css,t&&(r+="}"),l.media&&(r+="}"),l.supports&&(r+="}"),(s=l.sourceMap)&&"u">typeof btoa&&(r+="\n/*# sourceMappingURL=data:application/json;base64,".concat(btoa(unescape(encodeURIComponent(JSON.stringify(s))))," */")),e.styleTagTransform(r,o,e.options)},remove:function(){var e;null===(e=o).parentNode||e.parentNode.removeChild(e)}}}},"./node_modules/style-loader/dist/runtime/styleTagTransform.js"(e){e.exports=function(e,o){if(o.styleSheet)o.styleSheet.cssText=e;else{for(;o.firstChild;)o.removeChild(o.firstChild);o.appendChild(document.createTextNode(e))}}},"./style/index.js"(e,o,l){var r=l("./node_modules/style-loader/dist/runtime/injectStylesIntoStyleTag.js"),t=l.n(r),s=l("./node_modules/style-loader/dist/runtime/styleDomAPI.js"),a=l.n(s),n=l("./node_modules/style-loader/dist/runtime/insertBySelector.js"),i=l.n(n),c=l("./node_modules/style-loader/dist/runtime/setAttributesWithoutAttributes.js"),d=l.n(c),p=l("./node_modules/style-loader/dist/runtime/insertStyleElement.js"),u=l.n(p),m=l("./node_modules/style-loader/dist/runtime/styleTagTransform.js"),f=l.n(m),v=l("./node_modules/css-loader/dist/cjs.js!./style/base.css"),g={};g.styleTagTransform=f(),g.setAttributes=d(),g.insert=i().bind(null,"head"),g.domAPI=a(),g.insertStyleElement=u(),t()(v.A,g),v.A&&v.A.locals&&v.A.locals}}]);
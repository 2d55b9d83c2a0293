/** Two sheets, one behind the other: a copy. */
export const mark =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32" width="30"><g fill="none" stroke="#d60590" stroke-width="2.5">' +
  '<rect x="4" y="4" width="17" height="17" rx="3" opacity=".45"/><rect x="11" y="11" width="17" height="17" rx="3"/></g></svg>';

/** A text inside a page, without any character that could begin a tag or end an attribute. */
export const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');

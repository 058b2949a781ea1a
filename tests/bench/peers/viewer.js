// What a page with a viewer on it has to do.
const viewer = document.querySelector('e-license');
viewer.preAuthorizedCode = document.body.dataset.code;

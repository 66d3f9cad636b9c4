export { acceptForms } from './accept-forms.js';
export { attachmentDisposition } from './file-name.js';
export { largestUpload } from './form-reader.js';
export { type Upload, UploadedFile } from './upload.js';
export { UploadsModule } from './uploads.module.js';

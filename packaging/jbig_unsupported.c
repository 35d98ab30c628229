/* Stands in for libjbig in our packages: every function that libtiff calls says that JBIG is not supported.
 *
 * tesserocr's wheel includes JBIG-KIT, which is under the GPL. Its libtiff cannot be loaded without these functions, but
 * ocrdesk hands tesserocr pixels and never a TIFF file. packaging/replace_jbig.py compiles this file. Only the names are
 * those of JBIG-KIT. Nothing here needs the C library.
 */

enum { NOT_SUPPORTED = 1 }; /* for libtiff every number but 0 is an error */

int jbg_dec_in(void) { return NOT_SUPPORTED; }
int jbg_newlen(void) { return NOT_SUPPORTED; }
const char *jbg_strerror(int code) { (void)code; return "This build does not support JBIG"; }

void jbg_dec_init(void) {}
void jbg_dec_free(void) {}
unsigned long jbg_dec_getsize(void) { return 0; }
unsigned char *jbg_dec_getimage(void) { return 0; }

void jbg_enc_init(void) {}
void jbg_enc_out(void) {} /* cannot report an error: it writes nothing */
void jbg_enc_free(void) {}

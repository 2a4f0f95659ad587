// Footage that its camera signed itself (ONVIF Media Signing): recorded and exported as it is, and known as such.

/** Names the units of supplemental information that hold signatures and certificates (ONVIF Media Signing, clause "SEI"). */
export const signingId = Buffer.from('005bc93f2d715e95ada4796f90877a6f', 'hex');

// Makes the keys of Web Push, for the environment of video: npm run push:vapid
// With new keys every browser must subscribe again, so keep them.
import webPush from 'web-push';

const { publicKey, privateKey } = webPush.generateVAPIDKeys();
process.stdout.write(`VAPID_PUBLIC_KEY=${publicKey}\nVAPID_PRIVATE_KEY=${privateKey}\n`);

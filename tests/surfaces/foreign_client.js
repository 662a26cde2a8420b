// An OSCQuery host made of other people's packages: lists the tree, listens, and sets.
const { OSCQueryDiscovery } = require("oscquery");
const osc = require("osc");
const { WebSocket } = require("ws");
const port = Number(process.argv[2]);
const say = (what) => console.log(JSON.stringify(what));
(async () => {
  const service = await new OSCQueryDiscovery().queryNewService("127.0.0.1", port);
  const nodes = service.flat();
  const zoom = service.resolvePath("/vjdream/zoom");
  say({ name: service.hostInfo.name, nodes: nodes.length, zoom: zoom.serialize() });
  const socket = new WebSocket(`ws://127.0.0.1:${service.hostInfo.wsPort}/`);
  socket.binaryType = "arraybuffer";
  await new Promise((done, fail) => { socket.onopen = done; socket.onerror = fail; });
  socket.onmessage = (event) => {
    if (typeof event.data === "string") return say({ text: event.data });
    const packet = osc.readPacket(new Uint8Array(event.data), { metadata: true });
    say({ heard: packet.address, args: packet.args });
  };
  for (const path of ["/vjdream/zoom", "/vjdream/class/1", "/vjdream/rotate"])
    socket.send(JSON.stringify({ COMMAND: "LISTEN", DATA: path }));
  const send = (address, ...args) => socket.send(osc.writePacket({ address, args }, { metadata: true }));
  send("/vjdream/rotate", { type: "f", value: 33 });
  send("/vjdream/class/1", { type: "s", value: "volc" });
  setTimeout(() => { say({ end: true }); process.exit(0); }, 2500);
})().catch((error) => { console.error(error); process.exit(1); });

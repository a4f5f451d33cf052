// Feeds every case to the build it is told; answers { cases, fault }. The file is described in testkit's example.
onmessage = async ({ data: build }) => {
  let cases = 0;
  try {
    const engine = await import(`/wellspring-${build}.js`);
    await engine.default({ module_or_path: `/wellspring-${build}_bg.wasm` });
    const bytes = new Uint8Array(await (await fetch("/cases.bin")).arrayBuffer());
    const view = new DataView(bytes.buffer);
    let at = 0;
    const blob = () => {
      const start = at + 4;
      at = start + view.getUint32(at, true);
      return bytes.subarray(start, at);
    };
    const text = (of) => new TextDecoder().decode(of);
    while (at < bytes.length) {
      const [manifest, question, part, whole, some] = [blob(), text(blob()), blob(), text(blob()), text(blob())];
      const shards = Array.from(part, blob);
      for (const [inside, expected] of [[() => true, whole], [(shard) => part[shard] === 1, some]]) {
        // One worker alone, and two whose partials are merged.
        for (const workers of [1, 2]) {
          const counters = Array.from({ length: workers }, () => new engine.Counter(manifest));
          for (const counter of counters) counter.ask(question);
          shards.forEach((shard, index) => {
            if (!inside(index)) return;
            const counter = counters[index % workers];
            counter.load(index, shard, Uint32Array.of(shard.length));
            while (counter.count_next() > 0);
          });
          for (const other of counters.slice(1)) counters[0].merge(other.take_partial());
          const ours = counters[0].answer();
          if (ours !== expected) throw new Error(`case ${cases}, ${workers} workers: ${ours} is not ${expected}`);
          for (const counter of counters) counter.free();
        }
      }
      cases += 1;
    }
    postMessage({ cases, fault: "" });
  } catch (error) {
    postMessage({ cases, fault: String(error) });
  }
};

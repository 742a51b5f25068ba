using Settlement.Peers.Hosting;

await using WebApplication app = await PeerHost.BuildAsync(args);
await app.RunAsync();

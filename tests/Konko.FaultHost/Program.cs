using Konko.FaultHost;

// A real server on a free loopback port, whose one model fails as its prompts say, for clients in other languages.
await using FaultServer server = await FaultServer.StartAsync(args is ["--port", string port] ? int.Parse(port, System.Globalization.CultureInfo.InvariantCulture) : 0);
Console.WriteLine($"Ready at {server.Url}");
await server.WaitForShutdownAsync();

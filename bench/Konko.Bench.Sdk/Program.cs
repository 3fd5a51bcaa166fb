using System.Diagnostics;
using System.Globalization;
using System.Text;
using Konko;
using Konko.Bench.Sdk;

// What the client costs: CPU time and allocations an event, above a bare reading of the same bytes by HttpClient. The server
// is a process of its own, so that its time is not counted.
// --check is for every day: fewer rounds, and only the allocations are judged, since whatever else runs on the machine
// lengthens the time.
const int Events = 100_000;
const double MostMicroseconds = 4, MostBytes = 1024;
bool isCheck = args is ["--check"];
int rounds = isCheck ? 5 : 9, warm = isCheck ? 2 : 3;

if (args is [.., "serve"])
{
    await EventServer.RunAsync(Events);
    return 0;
}

using var server = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, [Environment.GetCommandLineArgs()[0], "serve"]) { RedirectStandardOutput = true })!;
try
{
    var url = new Uri($"http://127.0.0.1:{int.Parse((await server.StandardOutput.ReadLineAsync())!, CultureInfo.InvariantCulture)}/v1");
    using var konko = new KonkoClient(new KonkoClientOptions { BaseUrl = url });
    using var http = new HttpClient();

    var bare = new List<Cost>();
    var sdk = new List<Cost>();
    for (int round = 0; round < rounds; round++)
    {
        bare.Add(await Cost.OfAsync(() => ReadBareAsync(http, url)));
        sdk.Add(await Cost.OfAsync(() => ReadAsync(konko)));
    }

    // The best of the warm rounds: what else the machine does can only add.
    double microseconds = (sdk.Skip(warm).Min(cost => cost.Microseconds) - bare.Skip(warm).Min(cost => cost.Microseconds)) / Events;
    double bytes = (double)(sdk.Skip(warm).Min(cost => cost.Bytes) - bare.Skip(warm).Min(cost => cost.Bytes)) / Events;
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"""
        | an event, of {Events:N0} | above HttpClient | at most |
        |---|---|---|
        | CPU time | {microseconds:0.00} µs | {MostMicroseconds} µs |
        | allocated | {bytes:0} bytes | {MostBytes} bytes |
        """));
    return (isCheck || microseconds <= MostMicroseconds) && bytes <= MostBytes ? 0 : 1;
}
finally
{
    server.Kill();
}

static async Task ReadBareAsync(HttpClient http, Uri url)
{
    using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new StringContent("{}", Encoding.UTF8, "application/json") };
    using HttpResponseMessage response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    using Stream body = await response.Content.ReadAsStreamAsync();
    var buffer = new byte[16 << 10];
    while (await body.ReadAsync(buffer) > 0)
    {
    }
}

static async Task ReadAsync(KonkoClient konko)
{
    int count = 0;
    await foreach (ChatCompletionChunk chunk in konko.ChatCompletion.CreateStreaming("mistralai/mistral-7b-instruct-v0.1", [("user", "Hi")])) count += chunk.Choices.Count;
    if (count != Events) throw new InvalidOperationException($"{count} of {Events} events.");
}

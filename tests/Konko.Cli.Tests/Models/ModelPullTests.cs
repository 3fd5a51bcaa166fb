using Konko.Cli.Models;
using Konko.Cli.Tests.Hub;
using Konko.Engine;
using Konko.Engine.Gguf;
using Microsoft.AspNetCore.Http;

namespace Konko.Cli.Tests.Models;

/// <summary>Pulls that go well, in the end.</summary>
public sealed class ModelPullTests
{
    [Fact]
    public async Task Run_WholeFile_IsTheHubsBytesAndNothingElseStays()
    {
        await using PullFixture pull = await PullFixture.CreateAsync();

        string path = await pull.PullAsync();

        Assert.Equal(pull.Path, path);
        Assert.Equal(PullFixture.Content, await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken));
        Assert.Equal([PullFixture.File], pull.Here);
        Assert.Single(pull.Hub.Downloads);
        Assert.Empty(pull.Time.Waits);
    }

    [Fact]
    public async Task Run_Token_IsShownToTheHubAndNowhereElse()
    {
        await using PullFixture pull = await PullFixture.CreateAsync();
        pull.Token = "hf_secret";

        await pull.PullAsync();

        Assert.All(pull.Hub.Requests.Where(request => request.IsHub), request => Assert.Equal("Bearer hf_secret", request.Authorization));
        FakeHubRequest[] elsewhere = [.. pull.Hub.Requests.Where(request => !request.IsHub)];
        Assert.NotEmpty(elsewhere);
        Assert.All(elsewhere, request => Assert.Null(request.Authorization));
    }

    [Fact]
    public async Task Run_ConnectionsCut_GoesOnWhereEachStopped()
    {
        await using PullFixture pull = await PullFixture.CreateAsync();
        pull.Hub.OnContent.Enqueue(FakeHub.CutAfter(300_000));
        pull.Hub.OnContent.Enqueue(FakeHub.CutAfter(0));
        pull.Hub.OnContent.Enqueue(FakeHub.CutAfter(500_000));

        string path = await pull.PullAsync();

        Assert.Equal(PullFixture.Content, await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken));
        FakeHubRequest[] downloads = [.. pull.Hub.Downloads];
        Assert.Equal(4, downloads.Length);
        Assert.Null(downloads[0].Range);
        // What was on its way when a connection broke may or may not have come: what counts is that nothing is asked for twice.
        long[] starts = [.. downloads[1..].Where(request => request.Range is not null).Select(request => long.Parse(request.Range!["bytes=".Length..^1], System.Globalization.CultureInfo.InvariantCulture))];
        Assert.Equal(starts.Order(), starts);
        Assert.InRange(starts[^1], 1, 800_000);
        Assert.All(downloads[1..].Where(request => request.Range is not null), request => Assert.Equal("\"v1\"", request.IfRange));
    }

    [Fact]
    public async Task Run_Stopped_LeavesWhatTheNextPullGoesOnWith()
    {
        await using PullFixture pull = await PullFixture.CreateAsync();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        pull.Hub.OnContent.Enqueue(async (context, content) =>
        {
            context.Response.Headers.ETag = "\"v1\"";
            context.Response.ContentLength = content.Length;
            await context.Response.Body.WriteAsync(content.AsMemory(0, 400_000));
            await context.Response.Body.FlushAsync();
            while (!File.Exists(pull.Path + ".part") || new FileInfo(pull.Path + ".part").Length < 400_000) await Task.Delay(5);
            await stop.CancelAsync();
            await Task.Delay(Timeout.InfiniteTimeSpan, context.RequestAborted);
        });

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pull.PullAsync(cancellationToken: stop.Token));
        Assert.Equal([PullFixture.File + ".part", PullFixture.File + ".part.json"], pull.Here);

        string path = await pull.PullAsync();

        Assert.Equal(PullFixture.Content, await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken));
        Assert.Equal([PullFixture.File], pull.Here);
        FakeHubRequest resumed = pull.Hub.Downloads.Last();
        Assert.Equal(("bytes=400000-", "\"v1\""), (resumed.Range, resumed.IfRange));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Run_PartThatCannotBeGoneOnWith_BeginsAnew(bool knowsRanges)
    {
        await using PullFixture pull = await PullFixture.CreateAsync();
        pull.Hub.OnContent.Enqueue(FakeHub.CutAfter(300_000));
        pull.Hub.KnowsRanges = knowsRanges;
        pull.Hub.Tag = "\"v2\"";

        string path = await pull.PullAsync();

        Assert.Equal(PullFixture.Content, await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Run_PartOfAnotherContent_BeginsAnew()
    {
        await using PullFixture pull = await PullFixture.CreateAsync();
        await File.WriteAllBytesAsync(pull.Path + ".part", new byte[1000], TestContext.Current.CancellationToken);
        new PartState(new string('a', 64), 5000, "\"v1\"").Write(pull.Path + ".part.json");

        string path = await pull.PullAsync();

        Assert.Equal(PullFixture.Content, await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken));
        Assert.Null(pull.Hub.Downloads.Single().Range);
    }

    [Theory]
    [InlineData(429)]
    [InlineData(503)]
    public async Task Run_HubThatIsBusy_IsAskedAgainWhenItSays(int status)
    {
        await using PullFixture pull = await PullFixture.CreateAsync();
        pull.Hub.OnList.Enqueue(FakeHub.Status(status, ("Retry-After", "7")));
        pull.Hub.OnList.Enqueue(FakeHub.Status(status));
        pull.Hub.OnContent.Enqueue((context, _) => FakeHub.Status(status, ("Retry-After", "3"))(context));

        await pull.PullAsync();

        Assert.Equal([7, 2, 3], pull.Time.Waits);
        Assert.Contains("trying again in 7 s.", pull.Notes[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_AddressThatHasExpired_IsAskedOfTheHubAgain()
    {
        await using PullFixture pull = await PullFixture.CreateAsync();
        pull.Hub.OnContent.Enqueue((context, _) => FakeHub.Status(403)(context));

        await pull.PullAsync();

        Assert.Equal([PullFixture.File], pull.Here);
        Assert.Equal([1], pull.Time.Waits);
    }

    [Fact]
    public async Task Run_FileThatIsHere_IsNotFetchedAgain()
    {
        await using PullFixture pull = await PullFixture.CreateAsync();
        await pull.PullAsync();

        await pull.PullAsync();

        Assert.Single(pull.Hub.Downloads);
        Assert.Equal("It is here already, and its sum is right.", pull.Notes[^1]);
    }

    [Fact]
    public async Task Run_SplitModel_BringsAllItsFilesTheFirstLast()
    {
        await using PullFixture pull = await PullFixture.CreateAsync();
        pull.Hub.Files.Clear();
        (byte[] first, byte[] second) = Split();
        pull.Hub.Files["Q8_0/big-Q8_0-00001-of-00002.gguf"] = first;
        pull.Hub.Files["Q8_0/big-Q8_0-00002-of-00002.gguf"] = second;

        string path = await pull.PullAsync("q8_0", "other.gguf");

        Assert.Equal(["other-00001-of-00002.gguf", "other-00002-of-00002.gguf"], pull.Here);
        Assert.Equal("llama", ModelOutline.Read(path).Card.Architecture);
        Assert.Equal("/" + Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(first)), pull.Hub.Downloads.Last().Path);
    }

    [Fact]
    public async Task Run_ListingOfManyPages_IsReadToItsEnd()
    {
        await using PullFixture pull = await PullFixture.CreateAsync();
        pull.Hub.OnList.Enqueue(context =>
        {
            context.Response.Headers.Link = $"<{pull.Hub.Url}api/models/{FakeHub.Repository}/tree/main?recursive=true&cursor=abc>; rel=\"next\"";
            return context.Response.WriteAsync("[]");
        });

        await pull.PullAsync();

        Assert.Equal([PullFixture.File], pull.Here);
    }

    internal static (byte[] First, byte[] Second) Split()
    {
        using GgufFile whole = GgufFile.Open(Repository.Reference("tiny", "llama-q8_0.gguf")!);
        byte[][] parts = new byte[2][];
        for (int i = 0; i < 2; i++)
        {
            var writer = new GgufWriter();
            if (i == 0) writer.CopyMetadata(whole.Metadata);
            writer.Set("split.no", (uint)i);
            writer.Set("split.count", 2u);
            writer.Set("split.tensors.count", whole.Tensors.Count);
            foreach (GgufTensor tensor in whole.Tensors.Where((_, at) => at % 2 == i))
            {
                byte[] data = new byte[tensor.ByteLength];
                whole.Read(tensor, data, 0);
                writer.AddTensor(tensor.Name, tensor.Type, tensor.Dimensions, data);
            }

            using var stream = new MemoryStream();
            writer.Write(stream);
            parts[i] = stream.ToArray();
        }

        return (parts[0], parts[1]);
    }
}

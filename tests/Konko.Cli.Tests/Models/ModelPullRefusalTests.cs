using System.Buffers.Binary;
using System.Text;
using Konko.Cli.Running;
using Konko.Cli.Tests.Hub;
using Microsoft.AspNetCore.Http;

namespace Konko.Cli.Tests.Models;

/// <summary>Pulls that must not go well.</summary>
public sealed class ModelPullRefusalTests
{
    [Fact]
    public async Task Run_WrongSum_DeletesAndFails()
    {
        await using PullFixture pull = await PullFixture.CreateAsync();
        pull.Hub.OnContent.Enqueue(async (context, content) =>
        {
            byte[] other = [.. content];
            other[^1] ^= 1;
            context.Response.ContentLength = other.Length;
            await context.Response.Body.WriteAsync(other);
        });

        FailureException failure = await Assert.ThrowsAsync<FailureException>(() => pull.PullAsync());

        Assert.Contains("it came with the SHA-256", failure.Message, StringComparison.Ordinal);
        Assert.Empty(pull.Here);
    }

    [Theory]
    [InlineData(401, null, false, ExitCodes.Denied, "there is no such repository, or it wants a key")]
    [InlineData(401, null, true, ExitCodes.Denied, "or HF_TOKEN may not read it (401)")]
    [InlineData(403, "GatedRepo", true, ExitCodes.Denied, "it is gated: accept its terms on")]
    [InlineData(404, "RepoNotFound", false, ExitCodes.Usage, "has no repository 'org/repo-GGUF'")]
    [InlineData(404, "RevisionNotFound", false, ExitCodes.Usage, "it has no revision 'main'")]
    [InlineData(418, null, false, ExitCodes.Failure, "the hub answers 418")]
    public async Task Run_HubThatSaysNo_IsToldInOneLine(int status, string? code, bool token, int exitCode, string message)
    {
        await using PullFixture pull = await PullFixture.CreateAsync();
        pull.Token = token ? "hf_x" : null;
        pull.Hub.OnList.Enqueue(FakeHub.Status(status, code is null ? [] : [("X-Error-Code", code)]));

        FailureException failure = await Assert.ThrowsAsync<FailureException>(() => pull.PullAsync());

        Assert.Contains(message, failure.Message, StringComparison.Ordinal);
        Assert.Equal(exitCode, failure.ExitCode);
        Assert.Empty(pull.Time.Waits);
    }

    [Fact]
    public async Task Run_HubThatFailsAgainAndAgain_IsGivenUp()
    {
        await using PullFixture pull = await PullFixture.CreateAsync();
        for (int i = 0; i < 10; i++) pull.Hub.OnList.Enqueue(FakeHub.Status(500));

        FailureException failure = await Assert.ThrowsAsync<FailureException>(() => pull.PullAsync());

        Assert.Equal([1, 2, 4, 8, 16], pull.Time.Waits);
        Assert.Equal(ExitCodes.Unreachable, failure.ExitCode);
        Assert.Contains("answers 500; gave up after 6 tries", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_WaitThatNobodyWaits_IsTold()
    {
        await using PullFixture pull = await PullFixture.CreateAsync();
        pull.Hub.OnList.Enqueue(FakeHub.Status(429, ("Retry-After", "3600")));

        FailureException failure = await Assert.ThrowsAsync<FailureException>(() => pull.PullAsync());

        Assert.Contains("it asks to wait for 60 minutes", failure.Message, StringComparison.Ordinal);
        Assert.Empty(pull.Time.Waits);
    }

    [Theory]
    [InlineData("general.architecture", "llama", "lmala", "'lmala' is not supported; Konko runs ")]
    [InlineData("tokenizer.ggml.model", "gpt2", "gptX", "tokenizer.ggml.model")]
    public async Task Run_ModelThatKonkoCannotRun_IsRefusedBeforeItIsFetched(string key, string value, string other, string message)
    {
        await using PullFixture pull = await PullFixture.CreateAsync();
        pull.Hub.Files[PullFixture.File] = Bent(key, value, other);

        FailureException failure = await Assert.ThrowsAsync<FailureException>(() => pull.PullAsync());

        Assert.StartsWith("Konko cannot run this model, and did not fetch it: tiny-Q4_0.gguf: ", failure.Message, StringComparison.Ordinal);
        Assert.Contains(message, failure.Message, StringComparison.Ordinal);
        Assert.Empty(pull.Hub.Downloads);
        Assert.Empty(pull.Here);
    }

    [Fact]
    public async Task Run_HeaderWithoutEnd_IsRefusedAfterItsFirstBytes()
    {
        await using PullFixture pull = await PullFixture.CreateAsync();
        byte[] endless = new byte[2 << 20];
        "GGUF"u8.CopyTo(endless);
        endless[4] = 3;
        endless[16] = 1; // one key, whose name has one letter, and whose value is a string of a gigabyte
        endless[24] = 1;
        endless[32] = (byte)'a';
        endless[33] = 8;
        BinaryPrimitives.WriteUInt64LittleEndian(endless.AsSpan(37), 1 << 30);
        pull.Hub.Files[PullFixture.File] = endless;
        pull.Hub.ListedBytes[PullFixture.File] = 1L << 40;

        FailureException failure = await Assert.ThrowsAsync<FailureException>(() => pull.PullAsync());

        Assert.Contains("its header is longer than 64.0 MiB", failure.Message, StringComparison.Ordinal);
        Assert.Equal("bytes=0-1048575", pull.Hub.Requests.Last().Range);
        Assert.Empty(pull.Here);
    }

    [Theory]
    [InlineData("../evil-Q4_0.gguf")]
    [InlineData("/etc/evil-Q4_0.gguf")]
    [InlineData("a/../../evil-Q4_0.gguf")]
    [InlineData("a\\..\\evil-Q4_0.gguf")]
    [InlineData("-rf-Q4_0.gguf")]
    [InlineData(".hidden-Q4_0.gguf")]
    [InlineData("evil\u001b[2J-Q4_0.gguf")]
    [InlineData("evil\u202efu-Q4_0.gguf")]
    public async Task Run_NameThatIsNone_IsRefused(string name)
    {
        await using PullFixture pull = await PullFixture.CreateAsync();
        pull.Hub.Files.Clear();
        pull.Hub.Files[name] = PullFixture.Content;

        FailureException failure = await Assert.ThrowsAsync<FailureException>(() => pull.PullAsync("Q4_0"));

        Assert.EndsWith("is no name that a file gets here; nothing was written.", failure.Message, StringComparison.Ordinal);
        Assert.Empty(pull.Here);
        Assert.Single(pull.Hub.Requests);
    }

    [Fact]
    public async Task Run_SizeThatIsNone_IsRefused()
    {
        await using PullFixture pull = await PullFixture.CreateAsync();
        pull.Hub.ListedBytes[PullFixture.File] = long.MaxValue;
        Assert.Contains("the hub says that it has 9223372036854775807 bytes", (await Assert.ThrowsAsync<FailureException>(() => pull.PullAsync())).Message, StringComparison.Ordinal);

        pull.Hub.ListedBytes[PullFixture.File] = -1;
        Assert.Contains("the hub says that it has -1 bytes", (await Assert.ThrowsAsync<FailureException>(() => pull.PullAsync())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_NoSum_IsRefused()
    {
        await using PullFixture pull = await PullFixture.CreateAsync();
        pull.Hub.ListedSums[PullFixture.File] = null;

        Assert.Contains("the hub gives no SHA-256 of it", (await Assert.ThrowsAsync<FailureException>(() => pull.PullAsync())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_FileThatChangedMeanwhile_IsNotTakenForTheListedOne()
    {
        await using PullFixture pull = await PullFixture.CreateAsync();
        pull.Hub.OnResolve.Enqueue(FakeHub.Status(302, ("X-Linked-Etag", $"\"{new string('b', 64)}\""), ("Location", pull.Hub.StoreUrl + "x")));
        pull.Hub.OnResolve.Enqueue(FakeHub.Status(200, ("X-Linked-Etag", $"\"{new string('b', 64)}\"")));

        // The first leads to a 404 of the store, the second to a file with another sum.
        Assert.Contains("the hub lists it and has it not", (await Assert.ThrowsAsync<FailureException>(() => pull.PullAsync())).Message, StringComparison.Ordinal);
        Assert.Contains("the hub has another file than it listed", (await Assert.ThrowsAsync<FailureException>(() => pull.PullAsync())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_RedirectionsInACircle_EndSoon()
    {
        await using PullFixture pull = await PullFixture.CreateAsync();
        for (int i = 0; i < 50; i++) pull.Hub.OnList.Enqueue(context => FakeHub.Status(302, ("Location", context.Request.Path + context.Request.QueryString))(context));

        Assert.Contains("redirects more than 8 times", (await Assert.ThrowsAsync<FailureException>(() => pull.PullAsync())).Message, StringComparison.Ordinal);
        Assert.Equal(9, pull.Hub.Requests.Count);
    }

    [Fact]
    public async Task Run_ListingThatGoesOnElsewhere_IsNotFollowed()
    {
        await using PullFixture pull = await PullFixture.CreateAsync();
        pull.Hub.OnList.Enqueue(context =>
        {
            context.Response.Headers.Link = $"<{pull.Hub.StoreUrl}more>; rel=\"next\"";
            return context.Response.WriteAsync("[]");
        });

        Assert.Contains("the listing goes on elsewhere", (await Assert.ThrowsAsync<FailureException>(() => pull.PullAsync())).Message, StringComparison.Ordinal);
        Assert.Single(pull.Hub.Requests);
    }

    [Fact]
    public async Task Run_AnswerThatIsNoListing_IsTold()
    {
        await using PullFixture pull = await PullFixture.CreateAsync();
        pull.Hub.OnList.Enqueue(context => context.Response.WriteAsync("<html>log in</html>"));

        Assert.Contains("answers with no listing of org/repo-GGUF: is it a hub?", (await Assert.ThrowsAsync<FailureException>(() => pull.PullAsync())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_ListingWithoutEnd_IsNotReadToIt()
    {
        await using PullFixture pull = await PullFixture.CreateAsync();
        pull.Hub.OnList.Enqueue(async context =>
        {
            byte[] blanks = Encoding.UTF8.GetBytes(new string(' ', 1 << 20));
            for (int i = 0; i < 100 && !context.RequestAborted.IsCancellationRequested; i++) await context.Response.Body.WriteAsync(blanks, context.RequestAborted);
        });

        Assert.Contains("a page of its listing has no end", (await Assert.ThrowsAsync<FailureException>(() => pull.PullAsync())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_TooLittleRoom_IsToldBeforeAnythingIsFetched()
    {
        await using PullFixture pull = await PullFixture.CreateAsync();
        pull.FreeBytes = 1 << 20;

        Assert.Contains("1.8 MiB are still to come, and 1.0 MiB are free there.", (await Assert.ThrowsAsync<FailureException>(() => pull.PullAsync())).Message, StringComparison.Ordinal);
        Assert.Empty(pull.Hub.Downloads);
    }

    [Fact]
    public async Task Run_TwoAtOnce_TheSecondIsRefusedAndTheFirstGoesOn()
    {
        await using PullFixture pull = await PullFixture.CreateAsync();
        var second = new TaskCompletionSource<string>();
        pull.Hub.OnContent.Enqueue(async (context, content) =>
        {
            context.Response.ContentLength = content.Length;
            await context.Response.Body.WriteAsync(content.AsMemory(0, 1000));
            second.SetResult((await Assert.ThrowsAsync<FailureException>(() => pull.PullAsync())).Message);
            await context.Response.Body.WriteAsync(content.AsMemory(1000));
        });

        string path = await pull.PullAsync();

        Assert.Equal("tiny-Q4_0.gguf: another pull of it is running.", await second.Task);
        Assert.Equal(PullFixture.Content, await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Run_AnotherFileOfThatName_IsLeftAlone()
    {
        await using PullFixture pull = await PullFixture.CreateAsync();
        await File.WriteAllTextAsync(pull.Path, "mine", TestContext.Current.CancellationToken);

        FailureException failure = await Assert.ThrowsAsync<FailureException>(() => pull.PullAsync());

        Assert.Contains("it is there already and is another file", failure.Message, StringComparison.Ordinal);
        Assert.Equal("mine", await File.ReadAllTextAsync(pull.Path, TestContext.Current.CancellationToken));
        Assert.EndsWith("other.gguf", await pull.PullAsync(name: "other.gguf"), StringComparison.Ordinal);
    }

    // The first place where the value stands behind the key.
    private static byte[] Bent(string key, string value, string other)
    {
        byte[] bytes = [.. PullFixture.Content];
        int at = bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(key));
        at += bytes.AsSpan(at).IndexOf(Encoding.UTF8.GetBytes(value));
        Encoding.UTF8.GetBytes(other).CopyTo(bytes, at);
        return bytes;
    }
}

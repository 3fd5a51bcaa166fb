using System.ClientModel;

namespace Konko.Clients.Tests;

/// <summary>How an answer can break; nothing that came before makes it a complete one.</summary>
internal static class Faults
{
    public static TheoryData<string> All => ["fail after 3", "fail after 0", "throw after 3", "vanish after 3", "fail in a call"];

    /// <summary>Checks that reading the stream ends in an error that speaks of the server or of the connection.</summary>
    public static async Task AssertBrokenAsync<T>(IAsyncEnumerable<T> stream)
    {
        Exception error = await Assert.ThrowsAnyAsync<Exception>(async () => await stream.ToListAsync(TestContext.Current.CancellationToken));
        Assert.True(error is IOException or ClientResultException, error.ToString());
    }

    public static TheoryData<int> Refusals => [400, 401, 403, 404, 429, 500, 503];
}

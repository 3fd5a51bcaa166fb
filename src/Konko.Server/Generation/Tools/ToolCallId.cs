using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Konko.Server.Generation.Tools;

/// <summary>Makes the ids of calls.</summary>
/// <remarks>
/// An id is part of the answer's bytes, so it follows from what the answer follows from: prompt, seed, choice and place.
/// The prompt is in it so that the answers of one conversation have different ids under the same seed.
/// </remarks>
internal static class ToolCallId
{
    /// <summary>Length of an id that Mistral's templates take: they refuse all but nine letters and digits.</summary>
    public const int MistralLength = 9;

    private const string Letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private const string Prefix = "call_";
    private const int Length = 24;

    /// <summary>The id of a call.</summary>
    /// <param name="dialect">How the model writes calls.</param>
    /// <param name="prompt">The prompt's token ids.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="choice">The choice, from 0.</param>
    /// <param name="index">The call's number within it, from 0.</param>
    public static string Of(ToolDialect dialect, IReadOnlyList<int> prompt, long seed, int choice, int index)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        int[] ids = [.. prompt];
        hash.AppendData(MemoryMarshal.AsBytes(ids.AsSpan()));
        Span<byte> place = stackalloc byte[16];
        BinaryPrimitives.WriteInt64LittleEndian(place, seed);
        BinaryPrimitives.WriteInt32LittleEndian(place[8..], choice);
        BinaryPrimitives.WriteInt32LittleEndian(place[12..], index);
        hash.AppendData(place);
        byte[] digest = hash.GetHashAndReset();
        return dialect == ToolDialect.Mistral ? Spell(digest, MistralLength) : Prefix + Spell(digest, Length);
    }

    /// <summary>An id that Mistral's templates take: the same for the same id, the id itself where it is one.</summary>
    /// <param name="id">Any id.</param>
    public static string ForMistral(string id)
        => id.Length == MistralLength && id.All(char.IsAsciiLetterOrDigit) ? id : Spell(SHA256.HashData(MemoryMarshal.AsBytes(id.AsSpan())), MistralLength);

    private static string Spell(ReadOnlySpan<byte> digest, int length)
    {
        Span<char> id = stackalloc char[length];
        for (int i = 0; i < length; i++) id[i] = Letters[digest[i] % Letters.Length];
        return id.ToString();
    }
}

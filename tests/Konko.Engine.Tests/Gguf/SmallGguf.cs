using Konko.Engine.Gguf;

namespace Konko.Engine.Tests.Gguf;

/// <summary>Files of a few hundred bytes, to be bent.</summary>
internal static class SmallGguf
{
    /// <summary>A writer with an architecture and two tensors: "a" of 8 × 2 F32 and "b" of 64 Q8_0.</summary>
    public static GgufWriter Writer()
    {
        var writer = new GgufWriter();
        writer.Set("general.architecture", "llama");
        writer.AddTensor("a", GgmlType.F32, [8, 2], Bytes(64, 1));
        writer.AddTensor("b", GgmlType.Q8_0, [64], Bytes(68, 2));
        return writer;
    }

    /// <summary>So many bytes that differ.</summary>
    public static byte[] Bytes(int count, int seed)
    {
        byte[] bytes = new byte[count];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    /// <summary>The bytes of the file that a writer writes.</summary>
    public static byte[] ToBytes(GgufWriter writer)
    {
        using var stream = new MemoryStream();
        writer.Write(stream);
        return stream.ToArray();
    }

    /// <summary>Puts bytes into a file and opens it.</summary>
    public static GgufFile Open(TemporaryFolder folder, byte[] bytes)
    {
        string path = folder.File("small.gguf");
        File.WriteAllBytes(path, bytes);
        return GgufFile.Open(path);
    }

    /// <summary>Opens a writer's file.</summary>
    public static GgufFile Open(TemporaryFolder folder, GgufWriter writer) => Open(folder, ToBytes(writer));

    /// <summary>The message with which a file is refused.</summary>
    public static string Refusal(TemporaryFolder folder, byte[] bytes) => Assert.Throws<GgufException>(() => Open(folder, bytes)).Message;

    /// <summary>The message with which a writer's file is refused.</summary>
    public static string Refusal(TemporaryFolder folder, GgufWriter writer) => Refusal(folder, ToBytes(writer));
}

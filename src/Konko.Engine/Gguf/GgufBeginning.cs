namespace Konko.Engine.Gguf;

/// <summary>The first bytes of a GGUF file of which the rest is elsewhere: enough of it tells whether Konko can run the model.</summary>
/// <param name="Name">The file's name; files of a split model are named <c>…-00001-of-000NN.gguf</c>.</param>
/// <param name="Length">Size of the whole file in bytes.</param>
/// <param name="Bytes">Its first bytes, up to all of them.</param>
public sealed record GgufBeginning(string Name, long Length, ReadOnlyMemory<byte> Bytes);

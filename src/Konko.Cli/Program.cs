Console.WriteLine("konko");
